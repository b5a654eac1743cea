"""Softmax regression on the digits, from start to printed accuracy: what `descent train softmax digits` does."""

from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

digits = load_digits()
x, x_test, y, y_test = train_test_split(digits.data, digits.target, test_size=0.25, random_state=0)
scaler = StandardScaler().fit(x)
model = LogisticRegression(C=1.0, max_iter=1000).fit(scaler.transform(x), y)
print(f"accuracy {model.score(scaler.transform(x_test), y_test):.4f}")
