#!/usr/bin/env python3
"""Makes elementwise.csv: the functions at edges and random points in 60-digit arithmetic, rounded to
doubles. Needs mpmath."""
import random
from mpmath import mp, mpf, acos, cos, erf, exp, pi

mp.dps = 60
random.seed(5)
edges = [0.0, 1.0, -1.0, 0.5, -0.5, 0.5000000000000001, -0.5000000000000001, 1e-300, -1e-17, 1e-9,
         0.9999999999999999, -0.9999999999999999, 1 - 2**-30, 2**-26]


def uniform(limit, count):
    return [random.uniform(-limit, limit) for _ in range(count)]


print("function,x,y")
for name, function, points in [
    ("arccos", acos, edges + uniform(1, 60)),
    ("erf", erf, [0.0, -0.0, 1e-300, -1e-9, 1.0, -1.0, 0.9999999999999999, 1.0000000000000002, 6.0,
                  5.999, 7.5, -40.0, 1e10] + uniform(6.5, 60) + uniform(1, 20)),
    ("gaussian", lambda x: exp(-x * x), [0.0, 1e-9, -1e-200, 1.0, 5.0, 20.0, -26.0] + uniform(8, 50)),
    ("cosine", lambda x: cos(pi * x), [0.0, 0.25, -0.25, 0.5, 1.0, 1.5, -2.0, 1e-9, 1234567.25,
                                       2.0**49 + 1] + uniform(3, 40) + uniform(500, 30)),
]:
    for x in map(float, points):
        print(f"{name},{x!r},{float(function(mpf(x)))!r}")
