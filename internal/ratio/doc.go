// Package ratio measures servers of Dalil on natural text. "make bench" measures one
// build, and "make bench-scale" its growth with the size of the index. "make ratio"
// compares builds: one client sends the same questions to their servers in turn, so that
// the load of the machine affects all and their ratio is reliable. It has only
// benchmarks.
package ratio
