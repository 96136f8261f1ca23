"""Ways to break the contract of a plug-in: code, and part of the sentence that it earns."""

BROKEN = {
    "an error at import": (
        "raise RuntimeError('no licence')",
        "failed: RuntimeError: no licence. Mend this first;",
    ),
    "an exit at import": ("raise SystemExit(3)", "failed: SystemExit: 3. Mend this first;"),
    "no make_model": (
        "del make_model",
        "It has no make_model. Define make_model() -> torch.nn.Module.",
    ),
    "load fails": (
        "def load():\n    raise FileNotFoundError('x.npy')",
        "load() failed: FileNotFoundError: x.npy. Mend what it does.",
    ),
    "a split is missing": (
        "def load():\n    return {'training': 1, 'test': 2}",
        "each a pair (inputs, labels); it gave dict with 'training', 'test'.",
    ),
    "a split is no pair": (
        "def load():\n    return dict.fromkeys(['training', 'validation', 'test'], np.zeros(3))",
        'The split "training" of load() must be a pair (inputs, labels) of tensors or numpy arrays;'
        " it is ndarray[3] float64.",
    ),
    "a list for an array": (
        "def load():\n"
        "    return dict.fromkeys(['training', 'validation', 'test'], ([[1.0]], np.zeros(1)))",
        'The split "training" of load() must be a pair (inputs, labels) of tensors or numpy arrays;'
        " it is list of 1.",
    ),
    "lengths differ": (
        "good = load\ndef load():\n"
        "    return good() | {'test': (np.zeros((5, 4)), np.zeros(4, int))}",
        'The split "test" has 5 inputs and 4 labels. Give every input one label.',
    ),
    "no samples": (
        "good = load\ndef load():\n"
        "    return good() | {'test': (np.zeros((0, 4)), np.zeros(0, int))}",
        'The split "test" of load() has no samples. Give it some.',
    ),
    "text": (
        "good = load\ndef load():\n"
        "    return good() | {'test': (np.zeros((2, 4)), np.array(['a', 'b']))}",
        'The labels of the split "test" are of type <U1, which cannot be trained on. Give numbers.',
    ),
    "NaN in the data": (
        "good = load\ndef load():\n"
        "    return good() | {'test': (np.full((2, 4), np.nan), np.zeros(2, int))}",
        'The inputs of the split "test" hold 8 values that are not finite.',
    ),
    "another shape": (
        "good = load\ndef load():\n"
        "    return good() | {'test': (np.zeros((2, 5)), np.zeros(2, int))}",
        'A sample\'s inputs have shape [5] in the split "test", and [4] in "training".',
    ),
    "labels that are no classes": (
        "good = load\ndef load():\n"
        "    return {name: (x, y.astype(float)) for name, (x, y) in good().items()}",
        "Its labels are float32[], which are no classes. Define loss(outputs, labels)",
    ),
    "negative classes": (
        "good = load\ndef load():\n"
        "    return {name: (x, y - 1) for name, (x, y) in good().items()}",
        'The labels of the split "training" go down to -1. Number the classes from 0.',
    ),
    "too few classes stated": (
        "classes = 2",
        '"classes" is 2, but the labels go up to 2. State at least 3.',
    ),
    "no module": (
        "def make_model():\n    return lambda inputs: inputs",
        "make_model() must give a torch.nn.Module; it gave function.",
    ),
    "nothing to train": (
        "def make_model():\n    return nn.ReLU()",
        "The model has no parameter that requires a gradient.",
    ),
    "double weights": (
        "def make_model():\n    return nn.Linear(4, 3).double()",
        "The parameter weight of the model is of type float64. Use float32;",
    ),
    "chance from elsewhere": (
        "def make_model():\n    model = nn.Linear(4, 3)\n"
        "    model.weight.data += torch.from_numpy(np.random.default_rng().random((3, 4)))\n"
        "    return model",
        "make_model() gave other weights with the same seed.",
    ),
    "one output for all samples": (
        "class Sum(nn.Linear):\n    def forward(self, inputs):\n"
        "        return super().forward(inputs).sum(0)\n"
        "def make_model():\n    return Sum(4, 3)",
        "The model must give one row of outputs per sample: 30 for 30 samples;"
        " it gave Tensor[3] float32.",
    ),
    "a mean loss": (
        "def loss(outputs, labels):\n    return nn.functional.cross_entropy(outputs, labels)",
        "loss(outputs, labels) must give one loss per sample, a tensor of shape (30,);"
        " it gave Tensor[] float32. Do not take the mean.",
    ),
    "a NaN loss": (
        "def loss(outputs, labels):\n    return outputs[:, 0] * float('nan')",
        "The loss of the untrained model is not finite for 30 of 30 samples.",
    ),
    "a metric without a direction": (
        "def metrics(outputs, labels):\n    return {'margin': outputs[:, 0]}",
        'It is not said whether "margin" improves upwards. Define directions = {"margin": "above"}',
    ),
    "a direction that is none": (
        "def metrics(outputs, labels):\n    return {'margin': outputs[:, 0]}\n"
        "directions = {'margin': 'up'}",
        'The direction of "margin" is \'up\'. Use "above" if higher is better,',
    ),
    "a mean metric": (
        "def metrics(outputs, labels):\n    return {'accuracy': outputs.mean()}",
        'The metric "accuracy" must have one value per sample, a tensor of shape (8,);',
    ),
    "metrics in a list": (
        "def metrics(outputs, labels):\n    return [outputs[:, 0]]",
        "metrics(outputs, labels) must give a dictionary of names and values; it gave list of 1.",
    ),
    "a metric called loss": (
        "def metrics(outputs, labels):\n    return {'loss': outputs[:, 0]}",
        '"loss" cannot be the name of a metric.',
    ),
    "a detached loss": (
        "def loss(outputs, labels):\n"
        "    return nn.functional.cross_entropy(outputs.detach(), labels, reduction='none')",
        "The loss has no gradient. Make it of torch operations on the outputs,",
    ),
    "an augmentation that cuts": (
        "def augment(inputs, generator):\n    return inputs[:, :2]",
        "augment(inputs, generator) must give inputs of the same shape and type,"
        " Tensor[32, 4] float32; it gave Tensor[32, 2] float32.",
    ),
    "an augmentation with other chance": (
        "def augment(inputs, generator):\n    return inputs + torch.randn(inputs.shape)",
        "augment(inputs, generator) gave other inputs with the same generator.",
    ),
    "other data at every call": (
        "good = load\ndef load():\n"
        "    return good() | {'test': (np.random.default_rng().random((9, 4)), np.zeros(9, int))}",
        "load() gave other data when it was called again.",
    ),
    "a test set that was trained on": (
        "good = load\ndef load():\n    splits = good()\n"
        "    return splits | {'test': splits['training']}",
        '90 samples of "test" are also in "training" (100.0% of it).',
    ),
    "a loss that overflows": (
        "def loss(outputs, labels):\n    return outputs.exp().exp().sum(1) * 1e3",
        "steps at a learning rate of 0.01. Scale the inputs, or mend loss().",
    ),
    "a loss with chance of its own": (
        "def loss(outputs, labels):\n"
        "    noise = np.random.default_rng().random(len(labels)).astype('float32')\n"
        "    right = nn.functional.cross_entropy(outputs, labels, reduction='none')\n"
        "    return right * torch.from_numpy(noise)",
        "Training twice with one seed gave different weights.",
    ),
}

MILD = {
    "weights that no seed changes": (
        "def make_model():\n    model = nn.Linear(4, 3)\n    nn.init.zeros_(model.weight)\n"
        "    nn.init.zeros_(model.bias)\n    return model",
        "make_model() gives the same weights with every seed.",
    ),
    "inputs far from one": (
        "good = load\ndef load():\n"
        "    return {name: (1000 * x, y) for name, (x, y) in good().items()}",
        "guessing loses 1.099. Scale the inputs,",
    ),
    "a part that is not used": (
        "class Wide(nn.Linear):\n    def __init__(self):\n        super().__init__(4, 3)\n"
        "        self.spare = nn.Linear(4, 3)\n"
        "def make_model():\n    return Wide()",
        "No gradient reaches spare.weight, spare.bias.",
    ),
}
