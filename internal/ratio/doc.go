// Package ratio compares the speed of two builds of Dalil: one client asks two
// servers the same questions in turn, so that the load of the machine is in both
// numbers and their ratio can be believed. It has only a benchmark; see "make
// ratio".
package ratio
