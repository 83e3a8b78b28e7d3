// A BLAS that is wrong now and then: preloaded, it spoils one element of the result of every LIAR_PERIOD-th call, which
// is wrong by LIAR_SIZE then, relative to itself. How many it has spoilt stands in the file LIAR_COUNT, if that is given.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static atomic_ulong calls, spoilt;

static double number(const char *name, double fallback) {
    const char *text = getenv(name);
    return text ? atof(text) : fallback;
}

// A number that looks random.
static uint64_t mixed(uint64_t x) {
    x ^= x >> 33;
    x *= 0xff51afd7ed558ccdULL;
    x ^= x >> 33;
    x *= 0xc4ceb9fe1a85ec53ULL;
    return x ^ x >> 33;
}

// part: 0 all of it, 1 the upper triangle, -1 the lower one
static void spoil(double *c, int stride, int rows, int columns, int part) {
    unsigned long call = ++calls;
    if (call % (unsigned long)number("LIAR_PERIOD", 30) != 0 || rows < 1 || columns < 1) return;
    int i = mixed(call) % rows, j = mixed(call + 77) % columns;
    if ((part > 0 && i > j) || (part < 0 && i < j)) {
        int other = i;
        i = j;
        j = other;
    }
    double *element = c + (size_t)j * stride + i;
    *element = *element == 0 ? number("LIAR_SIZE", 0.5) : *element * (1 + number("LIAR_SIZE", 0.5));
    spoilt++;
    const char *file = getenv("LIAR_COUNT");
    FILE *stream = file ? fopen(file, "a") : NULL;
    if (!stream) return;
    fputs("x", stream);
    fclose(stream);
}

#define REAL(type, name) \
    static type *real;   \
    if (!real) real = (type *)dlsym(RTLD_NEXT, name)

typedef void gemm(int, int, int, int, int, int, double, const double *, int, const double *, int, double,
                  double *, int);
void cblas_dgemm(int order, int ta, int tb, int m, int n, int k, double alpha, const double *a, int lda,
                 const double *b, int ldb, double beta, double *c, int ldc) {
    REAL(gemm, "cblas_dgemm");
    real(order, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    spoil(c, ldc, m, n, 0);
}

typedef void syrk(int, int, int, int, int, double, const double *, int, double, double *, int);
void cblas_dsyrk(int order, int uplo, int trans, int n, int k, double alpha, const double *a, int lda,
                 double beta, double *c, int ldc) {
    REAL(syrk, "cblas_dsyrk");
    real(order, uplo, trans, n, k, alpha, a, lda, beta, c, ldc);
    spoil(c, ldc, n, n, 1);
}

typedef void symm(int, int, int, int, int, double, const double *, int, const double *, int, double, double *,
                  int);
void cblas_dsymm(int order, int side, int uplo, int m, int n, double alpha, const double *a, int lda,
                 const double *b, int ldb, double beta, double *c, int ldc) {
    REAL(symm, "cblas_dsymm");
    real(order, side, uplo, m, n, alpha, a, lda, b, ldb, beta, c, ldc);
    spoil(c, ldc, m, n, 0);
}

typedef void trsm(int, int, int, int, int, int, int, double, const double *, int, double *, int);
void cblas_dtrsm(int order, int side, int uplo, int trans, int diag, int m, int n, double alpha,
                 const double *a, int lda, double *b, int ldb) {
    REAL(trsm, "cblas_dtrsm");
    real(order, side, uplo, trans, diag, m, n, alpha, a, lda, b, ldb);
    spoil(b, ldb, m, n, 0);
}

typedef void potrf(const char *, const int *, double *, const int *, int *, size_t);
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info, size_t length) {
    REAL(potrf, "dpotrf_");
    real(uplo, n, a, lda, info, length);
    if (*info == 0) spoil(a, *lda, *n, *n, -1);
}
