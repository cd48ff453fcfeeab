package local

import "os"

// occupyByWriting gives a file so many bytes of the disk from an offset on.
func occupyByWriting(f *os.File, from, bytes int64) error {
	block := make([]byte, 1<<20)
	for end := from + bytes; from < end; {
		n, err := f.WriteAt(block[:min(int64(len(block)), end-from)], from)
		if err != nil {
			return err
		}
		from += int64(n)
	}
	return f.Sync()
}
