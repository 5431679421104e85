"""How French words, questions and articles become what the two databases compare; `articles.search` is the door."""
