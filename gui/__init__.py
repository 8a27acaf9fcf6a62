"""The window: panels, forms and the worker that trains behind them."""
