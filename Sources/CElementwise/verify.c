#include "verify.h"

#include <math.h>

#include "processors.h"

// Sums may be taken in any order, so that they can be vectorised.
#pragma clang fp reassociate(on)

INLINE void column(const double *a, size_t rows, const double *w, const double *s, double *dot,
                   double *size) {
    double sum = 0, total = 0;
    for (size_t i = 0; i < rows; i++) {
        sum += w[i] * a[i];
        total += s[i] * fabs(a[i]);
    }
    *dot += sum;
    *size += total;
}

// Four columns at once, so that w and s are read once for all of them.
INLINE void four_columns(const double *a, size_t stride, size_t rows, const double *w, const double *s,
                         double *dots, double *sizes) {
    const double *b = a + stride, *c = b + stride, *d = c + stride;
    double sa = 0, sb = 0, sc = 0, sd = 0, ta = 0, tb = 0, tc = 0, td = 0;
    for (size_t i = 0; i < rows; i++) {
        sa += w[i] * a[i];
        sb += w[i] * b[i];
        sc += w[i] * c[i];
        sd += w[i] * d[i];
        ta += s[i] * fabs(a[i]);
        tb += s[i] * fabs(b[i]);
        tc += s[i] * fabs(c[i]);
        td += s[i] * fabs(d[i]);
    }
    dots[0] += sa, dots[1] += sb, dots[2] += sc, dots[3] += sd;
    sizes[0] += ta, sizes[1] += tb, sizes[2] += tc, sizes[3] += td;
}

FOR_EACH_PROCESSOR
void verify_columns(const double *a, size_t stride, size_t rows, size_t columns, const double *w,
                    const double *s, double *dots, double *sizes) {
    size_t j = 0;
    for (; j + 4 <= columns; j += 4)
        four_columns(a + j * stride, stride, rows, w, s, dots + j, sizes + j);
    for (; j < columns; j++) column(a + j * stride, rows, w, s, dots + j, sizes + j);
}

FOR_EACH_PROCESSOR
void verify_copied_columns(const double *a, size_t stride, size_t rows, size_t columns, const double *w,
                           const double *s, double *dots, double *sizes, double *copy,
                           size_t copy_stride) {
    for (size_t j = 0; j < columns; j++) {
        const double *from = a + j * stride;
        double *to = copy + j * copy_stride;
        double sum = 0, total = 0;
        for (size_t i = 0; i < rows; i++) {
            double element = from[i];
            to[i] = element;
            sum += w[i] * element;
            total += s[i] * fabs(element);
        }
        dots[j] += sum;
        sizes[j] += total;
    }
}

INLINE void rows_of_column(const double *a, size_t rows, double w, double s, double *dots,
                           double *sizes) {
    for (size_t i = 0; i < rows; i++) {
        dots[i] += w * a[i];
        sizes[i] += s * fabs(a[i]);
    }
}

// Four columns at once, so that the sums are read and written once for all of them.
INLINE void rows_of_four(const double *a, size_t stride, size_t rows, const double *w, const double *s,
                         double *dots, double *sizes) {
    const double *b = a + stride, *c = b + stride, *d = c + stride;
    for (size_t i = 0; i < rows; i++) {
        dots[i] += (w[0] * a[i] + w[1] * b[i]) + (w[2] * c[i] + w[3] * d[i]);
        sizes[i] += (s[0] * fabs(a[i]) + s[1] * fabs(b[i])) + (s[2] * fabs(c[i]) + s[3] * fabs(d[i]));
    }
}

FOR_EACH_PROCESSOR
void verify_rows(const double *a, size_t stride, size_t rows, size_t columns, const double *w,
                 const double *s, double *dots, double *sizes) {
    size_t j = 0;
    for (; j + 4 <= columns; j += 4)
        rows_of_four(a + j * stride, stride, rows, w + j, s + j, dots, sizes);
    for (; j < columns; j++) rows_of_column(a + j * stride, rows, w[j], s[j], dots, sizes);
}

FOR_EACH_PROCESSOR
void verify_lower_columns(const double *a, size_t stride, size_t n, const double *w, const double *s,
                          double *dots, double *sizes) {
    size_t j = 0;
    for (; j + 4 <= n; j += 4) {
        // The triangle at the top of the four columns, then what they have in common.
        for (size_t k = 0; k < 3; k++)
            column(a + (j + k) * stride + j + k, 3 - k, w + j + k, s + j + k, dots + j + k, sizes + j + k);
        four_columns(a + j * stride + j + 3, stride, n - j - 3, w + j + 3, s + j + 3, dots + j, sizes + j);
    }
    for (; j < n; j++) column(a + j * stride + j, n - j, w + j, s + j, dots + j, sizes + j);
}

FOR_EACH_PROCESSOR
void verify_lower_rows(const double *a, size_t stride, size_t n, const double *w, const double *s,
                       double *dots, double *sizes) {
    size_t j = 0;
    for (; j + 4 <= n; j += 4) {
        for (size_t k = 0; k < 3; k++)
            rows_of_column(a + (j + k) * stride + j + k, 3 - k, w[j + k], s[j + k], dots + j + k,
                           sizes + j + k);
        rows_of_four(a + j * stride + j + 3, stride, n - j - 3, w + j, s + j, dots + j + 3, sizes + j + 3);
    }
    for (; j < n; j++)
        rows_of_column(a + j * stride + j, n - j, w[j], s[j], dots + j, sizes + j);
}

// Both what a column's elements above the diagonal are in its own sum, and what their mirror images are in the
// others'.
INLINE void symmetric_column(const double *a, size_t j, const double *w, const double *s, double *dots,
                             double *sizes) {
    double sum = 0, total = 0, wj = w[j], sj = s[j];
    for (size_t i = 0; i < j; i++) {
        double size = fabs(a[i]);
        sum += w[i] * a[i];
        total += s[i] * size;
        dots[i] += wj * a[i];
        sizes[i] += sj * size;
    }
    dots[j] += sum;
    sizes[j] += total;
}

FOR_EACH_PROCESSOR
void verify_symmetric(const double *a, size_t stride, size_t n, const double *diagonal, size_t step,
                      const double *w, const double *s, double *dots, double *sizes) {
    for (size_t j = 0; j < n; j++) {
        symmetric_column(a + j * stride, j, w, s, dots, sizes);
        dots[j] += w[j] * diagonal[j * step];
        sizes[j] += s[j] * fabs(diagonal[j * step]);
    }
}
