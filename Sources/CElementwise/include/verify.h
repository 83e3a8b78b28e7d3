// Sums over matrices by which products are verified, for the widest vectors that the processor has.
//
// Matrices are column major: column j begins at a + j stride. All sums are added to what their targets hold. With
// w a random vector and s >= |w|, a sum of products with w is compared with another one, and the sum of absolute
// values with s bounds how far rounding can have taken the two apart. The order of each sum is free.

#ifndef VERIFY_H
#define VERIFY_H

#include <stddef.h>

// dots[j] += sum_i w[i] a[i,j], sizes[j] += sum_i s[i] |a[i,j]|
void verify_columns(const double *a, size_t stride, size_t rows, size_t columns, const double *w,
                    const double *s, double *dots, double *sizes);

// The same, and copies the matrix: its element i, j to copy[j copy_stride + i].
void verify_copied_columns(const double *a, size_t stride, size_t rows, size_t columns, const double *w,
                           const double *s, double *dots, double *sizes, double *copy,
                           size_t copy_stride);

// dots[i] += sum_j w[j] a[i,j], sizes[i] += sum_j s[j] |a[i,j]|
void verify_rows(const double *a, size_t stride, size_t rows, size_t columns, const double *w,
                 const double *s, double *dots, double *sizes);

// The same over a lower triangle with its diagonal, n x n; the rest isn't read.
void verify_lower_columns(const double *a, size_t stride, size_t n, const double *w, const double *s,
                          double *dots, double *sizes);
void verify_lower_rows(const double *a, size_t stride, size_t n, const double *w, const double *s,
                       double *dots, double *sizes);

// The same over a symmetric matrix, n x n, of which the upper triangle is read, and the diagonal from elsewhere:
// element j of it at diagonal[j step].
void verify_symmetric(const double *a, size_t stride, size_t n, const double *diagonal, size_t step,
                      const double *w, const double *s, double *dots, double *sizes);

#endif
