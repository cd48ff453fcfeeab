//go:build !linux

package main

import "io/fs"

// onDisk is the length of a file.
func onDisk(info fs.FileInfo) int64 { return info.Size() }
