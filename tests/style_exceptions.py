"""Float fields of the planner that have no unit in their name, each with its reason."""

UNIT_SUFFIXES = (
    *("_s", "_h", "_months", "_years", "_kwh", "_w", "_kg", "_bytes", "_fraction", "_fractions"),
    *("_per_s", "_per_h", "_per_day", "_per_month", "_per_year", "_per_gpu_hour", "_per_device_h"),
)

DIMENSIONLESS_SUFFIXES = {
    "_ratio": "a quotient of two numbers of one unit",
    "_factor": "multiplies a number and keeps its unit",
    "_multiplier": "multiplies a learning rate",
    "_multipliers": "multiply a learning rate",
    "_log": "a natural logarithm of a quotient",
    "_se": "standard error of a probability",
    "_sd": "standard deviation of a logarithm",
    "_probability": "between 0 and 1 by its nature",
}

COUNTS = {
    "batch_size": "samples; fractional where a batch is shared or scaled",
    "micro_batch_size": "samples; fractional where shares are unequal",
    "half_saturation_batch_size": "samples",
    "half_saturation_batch_size_per_device": "samples",
    "device_count": "devices; fractional where elastic ones are averaged",
    "candidate_device_count": "devices; fractional where elastic ones are averaged",
    "step": "steps; fractional between two evaluations",
    "steps_to_target": "steps; fractional between two evaluations",
    "epochs": "epochs; fractional between two evaluations",
    "epoch": "epochs; fractional within an epoch",
    "epochs_to_target": "epochs; fractional between two evaluations",
    "samples": "samples; fractional between two evaluations",
    "samples_to_target": "samples; fractional between two evaluations",
    "retuning_trainings": "trainings",
    "validation_trainings": "trainings",
    "amount": "of a Position, in the unit that it carries; of Money, in its currency",
    "months": "its name is its unit",
}

LEARNING_RATES = {
    "initial": "a learning rate",
    "minimum": "a learning rate",
    "maximum": "a learning rate",
    "learning_rate": "a learning rate",
    "rates": "learning rates",
    "effective_learning_rate": "a learning rate",
    "summed_rate": "a sum of learning rates",
    "summed_effective_rate": "a sum of learning rates",
    "power": "an exponent",
    "factor": "what a step decay multiplies with",
    "growth": "what a batch size is multiplied with",
    "momentum": "beta, between 0 and 1",
    "final": "beta, between 0 and 1",
    "beta": "momentum, between 0 and 1",
    "selected": "rate multipliers by schedule",
}

IN_THE_UNIT_OF_ANOTHER = {
    "metrics": "each in its metric's unit",
    "final_metrics": "each in its metric's unit",
    "columns": "each in its column's unit",
    "params": "for a message; never calculated with",
    "value": "in the metric's unit, or a momentum",
    "tolerance": "in the metric's unit",
    "final_value": "in the metric's unit",
    "final_target_value": "in the metric's unit",
    "final_quality": "in the metric's unit",
    "average": "in the loss's unit",
    "guessing_loss": "in the loss's unit",
    "best": "in the loss's unit",
    "values": "in the metric's unit",
    "last_loss": "in the loss's unit",
    "last_metric": "in the metric's unit",
    "low": "in the unit of what it bounds",
    "mid": "in the unit of what it is the middle of",
    "high": "in the unit of what it bounds",
    "low_value": "in the unit of the assumption",
    "high_value": "in the unit of the assumption",
    "sd": "in the unit of what varies",
    "x": "in the unit of the chart's axis",
    "y": "in the unit of the chart's axis",
    "x_low": "in the unit of the chart's axis",
    "x_high": "in the unit of the chart's axis",
}

DIMENSIONLESS = {
    "confidence": "a probability",
    "transfer_sd": "standard deviation of a logarithm",
    "rate": "of an ExchangeRate: quote a unit of base",
    "pue": "facility energy over IT energy",
    "npv_positive": "a probability",
    "payback_in_time": "a probability",
    "ramp": "shares of the full number of trainings",
    "bias": "a term of the theory, only ranked",
    "variance": "a term of the theory, only ranked",
    "pilot": "of a NoiseShare: batch over noise scale",
    "production": "of a NoiseShare: batch over noise scale",
    "time_ratio_low": "a quotient of two times",
    "time_ratio_high": "a quotient of two times",
}

WITHOUT_UNIT = {**COUNTS, **LEARNING_RATES, **IN_THE_UNIT_OF_ANOTHER, **DIMENSIONLESS}

BARE_MONEY = {
    "Assumptions.cost_of_delay_per_day": "in the assumptions' own currency",
    "Assumptions.hardware_outlay": "in the assumptions' own currency",
    "Assumptions.hardware_residual": "in the assumptions' own currency",
    "Money.amount": "it is what carries the currency",
    "CashFlows.amounts": "one currency for all months, stated beside them",
    "Position.amount": "not money: epochs, steps or samples",
    "Odds.npv_positive": "not money: a probability",
    "Odds.npv_positive_se": "not money: a standard error of a probability",
    "VerdictFacts.npv_positive_probability": "not money: a probability",
    "Outcome.outlay": "arrays of draws, all in the assumptions' currency",
    "Outcome.residual": "arrays of draws, all in the assumptions' currency",
    "Outcome.full_month": "arrays of draws, all in the assumptions' currency",
    "Plan.pilot_device_cost": "an input of arrays of draws, in the assumptions' currency",
}
