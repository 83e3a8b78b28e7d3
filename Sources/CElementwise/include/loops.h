// Sums and products of vectors, for the widest vectors that the processor has. They are bound by memory, so that a
// library could do no better, and what a library does would have to be verified.
//
// Matrices are column major: column j begins at a + j stride. The order of each sum depends on the processor.

#ifndef LOOPS_H
#define LOOPS_H

#include <stddef.h>

// sum_i x[i] y[i]
double loops_dot(const double *x, const double *y, size_t count);

// y[i] += alpha x[i]
void loops_add(double alpha, const double *x, double *y, size_t count);

// y[j] = alpha sum_i a[i,j] x[i] + beta y[j]; with beta = 0, y need not be set.
void loops_columns(const double *a, size_t stride, size_t rows, size_t columns, const double *x,
                   double alpha, double beta, double *y);

// y[i] = alpha sum_j a[i,j] x[j] + beta y[i]; with beta = 0, y need not be set.
void loops_rows(const double *a, size_t stride, size_t rows, size_t columns, const double *x,
                double alpha, double beta, double *y);

#endif
