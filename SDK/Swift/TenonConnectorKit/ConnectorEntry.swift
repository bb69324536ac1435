internal import CTenon
