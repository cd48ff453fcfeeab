package pages

import "syscall"

// Advise asks the system for large pages for bytes that begin with a page. Where they cover
// only a part of a large page, the usual pages stay. If the system refuses, nothing else
// changes.
func Advise(b []byte) { _ = syscall.Madvise(b, syscall.MADV_HUGEPAGE) }
