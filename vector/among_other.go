//go:build !amd64

package vector

func (a *Among) find(to []int32, numbers []byte) []int32 { return a.findGo(to, numbers) }
