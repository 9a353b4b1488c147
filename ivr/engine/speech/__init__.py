"""Speech: values put into words, and spoken words matched to choices."""
