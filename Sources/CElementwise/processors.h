// How loops are compiled for the widest vectors that the processor has.

#ifndef PROCESSORS_H
#define PROCESSORS_H

// A product that is added to a sum becomes one fused operation on processors that have it (AVX2, AVX-512).
#pragma STDC FP_CONTRACT ON

// A function with a loop is compiled once for every kind of vector. The functions that it calls are inlined, so
// that they are compiled likewise, and have selections instead of branches, so that it can be vectorised.
#define FOR_EACH_PROCESSOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#define INLINE static inline __attribute__((always_inline))

#endif
