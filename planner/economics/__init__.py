"""Money over time: rates, cost, investment, cash flow, payback and their uncertainty."""
