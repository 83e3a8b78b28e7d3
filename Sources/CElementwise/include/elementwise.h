// Transcendental functions over arrays, for the widest vectors that the processor has.
//
// The same source is compiled for SSE2, AVX2 and AVX-512; when the program starts, the processor decides
// which is used. The latter two give the same bits. Errors are at most a few units in the last place
// (ElementwiseTests). No array needs an alignment.

#ifndef ELEMENTWISE_H
#define ELEMENTWISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// One layer of the infinite relu kernel over `count` pairs, of which one sample is the same.
// In: s = S_{l-1}, k = K_{l-1}, rows and column = sqrt(q) of the samples of each pair, inverses
// those of rows; factor = sw^2/(2 pi), bias = sb^2. Out: next = S_l, k = K_l. s may be next, or k, as
// S_0 = K_0.
void elementwise_relu_layer(const double *s, double *next, double *k, const double *rows,
                            const double *inverses, double column, double factor, double bias,
                            size_t count);

// The same for erf: rows and column are sqrt(1 + 2q), factor = 2 sw^2/pi.
void elementwise_erf_layer(const double *s, double *next, double *k, const double *rows,
                           double column, double factor, double bias, size_t count);

// Philox4x64-10 under a key: the four words of each block with counter (first + i, 0, 0, 0).
void elementwise_philox(uint64_t key0, uint64_t key1, uint64_t first, uint64_t *words,
                        size_t blocks);

// Box and Muller's transform: normals[2i] and normals[2i + 1] from words[2i] and words[2i + 1].
void elementwise_normals(const uint64_t *words, double *normals, size_t pairs);

// y = erf(x); y may be x.
void elementwise_erf(const double *x, double *y, size_t count);

// y = y scale exp(-x^2)
void elementwise_times_gaussian(const double *x, double *y, double scale, size_t count);

// y = cos(pi x) for |x| < 2^50, else 1: beyond that x has too few digits to determine it; y may be x.
void elementwise_cosine(const double *x, double *y, size_t count);

// The z for which sigma(z) = soft_ratio sigma(teacher) + (1 - soft_ratio) y, between teacher and
// hard_logit = ln((1 - smoothing)/smoothing), with y = 1 - smoothing for a true label and else
// smoothing and -hard_logit. 0 < soft_ratio < 1, (1 - soft_ratio) smoothing a normal number.
void elementwise_effective_logit(const double *teacher, const uint8_t *labels, double *z,
                                 double soft_ratio, double smoothing, double hard_logit,
                                 size_t count);

// A student's loss at one sample has the derivative g = soft sigma(u inverse_temperature) + hard sigma(u) - pull.
typedef struct {
    double soft;
    double inverse_temperature;
    double hard;
} elementwise_loss;

// g from u and pull.
void elementwise_loss_gradient(elementwise_loss loss, const double *u, const double *pull, double *g,
                               size_t count);

// A step of linearised students: velocity = momentum velocity + g, weights -= rate velocity, g as above.
void elementwise_descend(elementwise_loss loss, const double *u, const double *pull, double *velocity,
                         double *weights, double momentum, double rate, size_t count);

// h = max(h, 0); NaN stays NaN.
void elementwise_relu(double *h, size_t count);

// delta = 0 where the activation a isn't above 0.
void elementwise_relu_derivative(const double *a, double *delta, size_t count);

// For each column j of `rows` elements: delta = factors[j] g where a is above 0, else 0.
void elementwise_relu_output(const double *a, const double *g, const double *factors, double *delta,
                             size_t rows, size_t columns);

// For each column j of `rows` elements: delta = factors[j] g.
void elementwise_outer(const double *g, const double *factors, double *delta, size_t rows,
                       size_t columns);

#endif
