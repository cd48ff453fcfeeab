// Package ratio compares the speed of two builds of Dalil. One client sends the
// same questions to two servers in turn, so that the load of the machine affects
// both and their ratio is reliable. It has only a benchmark; see "make ratio".
package ratio
