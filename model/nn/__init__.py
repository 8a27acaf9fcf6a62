"""Networks: the tables they are made from, and the one implementation of backpropagation."""
