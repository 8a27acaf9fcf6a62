"""Fields of forms: each shows a value and says what the user entered."""
