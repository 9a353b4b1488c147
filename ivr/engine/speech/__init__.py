"""What is said and heard: numbers and names put into words, words turned into choices."""
