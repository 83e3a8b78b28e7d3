#include "loops.h"

#include "processors.h"

// Sums may be taken in any order, so that they can be vectorised.
#pragma clang fp reassociate(on)

INLINE double dot(const double *x, const double *y, size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += x[i] * y[i];
    return sum;
}

FOR_EACH_PROCESSOR
double loops_dot(const double *x, const double *y, size_t count) { return dot(x, y, count); }

FOR_EACH_PROCESSOR
void loops_add(double alpha, const double *x, double *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] += alpha * x[i];
}

FOR_EACH_PROCESSOR
void loops_columns(const double *a, size_t stride, size_t rows, size_t columns, const double *x,
                   double alpha, double beta, double *y) {
    for (size_t j = 0; j < columns; j++) {
        double sum = alpha * dot(a + j * stride, x, rows);
        y[j] = beta == 0 ? sum : sum + beta * y[j];
    }
}

FOR_EACH_PROCESSOR
void loops_rows(const double *a, size_t stride, size_t rows, size_t columns, const double *x,
                double alpha, double beta, double *y) {
    if (beta == 0)
        for (size_t i = 0; i < rows; i++) y[i] = 0;
    else if (beta != 1)
        for (size_t i = 0; i < rows; i++) y[i] *= beta;
    size_t j = 0;
    // Four columns at once, so that y is read and written once for all of them.
    for (; j + 4 <= columns; j += 4) {
        const double *p = a + j * stride, *q = p + stride, *r = q + stride, *s = r + stride;
        double xp = alpha * x[j], xq = alpha * x[j + 1], xr = alpha * x[j + 2], xs = alpha * x[j + 3];
        for (size_t i = 0; i < rows; i++) y[i] += (xp * p[i] + xq * q[i]) + (xr * r[i] + xs * s[i]);
    }
    for (; j < columns; j++)
        for (size_t i = 0; i < rows; i++) y[i] += alpha * x[j] * a[j * stride + i];
}
