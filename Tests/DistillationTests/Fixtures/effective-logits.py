#!/usr/bin/env python3
"""Makes effective-logits.csv: the root of theory's distillation loss in 400-digit arithmetic, by
bisection on the sign of the derivative, nothing shared with the program under test. Needs mpmath."""
import random
from mpmath import mp, mpf, exp, log, nstr
mp.dps = 400  # sigma(700) differs from 1 in its 305th digit
random.seed(20)

def sigma(t): return 1 / (1 + exp(-t))

def root(rho, T, eps, zt, label, kappa):
    y = 1 - eps if label else eps
    h = log(y / (1 - y))
    if rho == 0: return h
    if rho == 1: return zt
    lo, hi = min(h, zt), max(h, zt)
    slope = lambda z: kappa * rho / T * (sigma(z / T) - sigma(zt / T)) + (1 - rho) * (sigma(z) - y)
    for _ in range(90):
        z = (lo + hi) / 2
        lo, hi = (z, hi) if slope(z) < 0 else (lo, z)
    return (lo + hi) / 2

print('soft_ratio,temperature,smoothing,teacher_logit,label,effective_logit,scaling')
cases = []
for t in (-700.0, 700.0, -300.0, 40.0, 1e-9, 0.0):
    for T in (0.05, 1.0, 10.0):
        for rho in (0.001, 0.5, 0.999): cases.append((rho, T, 0.001, t * T, t < 0))
for _ in range(150):
    cases.append((random.choice([0.0, 1.0, random.random(), 10 ** random.uniform(-12, 0)]),
                  10 ** random.uniform(-1.5, 2), random.choice([1e-3, 0.01, 0.49, 1e-12]),
                  random.gauss(0, 1) * 10 ** random.uniform(-3, 3), random.random() < 0.5))
for scaling in 'none', 'squared':
    for rho, T, eps, zt, label in cases:
        if scaling == 'squared' and T == 1: continue
        z = root(mpf(rho), mpf(T), mpf(eps), mpf(zt), label, mpf(T)**2 if scaling == 'squared' else 1)
        print(repr(rho), repr(T), repr(eps), repr(zt), int(label), nstr(z, 25), scaling, sep=',')
