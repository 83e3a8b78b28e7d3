#include <cblas.h>
#include <stddef.h>

// Debian's OpenBLAS exports LAPACK's Fortran symbols without lapacke.h. Every CHARACTER argument
// has a hidden length at the end of the list.
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info, size_t uplo_length);
void dpocon_(const char *uplo, const int *n, const double *a, const int *lda, const double *anorm,
             double *rcond, double *work, int *iwork, int *info, size_t uplo_length);
double dlansy_(const char *norm, const char *uplo, const int *n, const double *a, const int *lda,
               double *work, size_t norm_length, size_t uplo_length);
