package vector

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// Multiplier multiplies matrices of float32 in row order with several workers.
// Each element of a product is one sum in the order of the shared dimension,
// whatever the number of workers, so equal input gives equal bits on one
// architecture. It is for one caller at a time and keeps its memory.
type Multiplier struct {
	workers int
	packed  []float32
	panels  [][]float32
}

// NewMultiplier returns one with the given number of workers, at least 1.
func NewMultiplier(workers int) *Multiplier {
	workers = max(workers, 1)
	return &Multiplier{workers: workers, panels: make([][]float32, workers)}
}

// Operand is one side of a product: its rows lie one after the other in Data;
// Transposed multiplies by its transpose.
type Operand struct {
	Data       []float32
	Rows, Cols int
	Transposed bool
}

func (o Operand) shape() (rows, cols int) {
	if o.Transposed {
		return o.Cols, o.Rows
	}
	return o.Rows, o.Cols
}

// The kernel's tile: gemmRows × gemmCols elements of the product.
const (
	gemmRows = 8
	gemmCols = 32
)

// Multiply writes a·b into c, rows of b's columns.
func (g *Multiplier) Multiply(c []float32, a, b Operand) {
	m, k := a.shape()
	inner, n := b.shape()
	if inner != k || len(c) != m*n || len(a.Data) != a.Rows*a.Cols || len(b.Data) != b.Rows*b.Cols {
		panic(fmt.Sprintf("vector: a %d×%d times a %d×%d matrix into %d elements", m, k, inner, n, len(c)))
	}
	if m == 0 || n == 0 {
		return
	}
	if k == 0 {
		clear(c)
		return
	}
	panels := (n + gemmCols - 1) / gemmCols
	if need := panels * gemmCols * k; cap(g.packed) < need {
		g.packed = make([]float32, need)
	}
	packed := g.packed[:panels*gemmCols*k]
	g.each(panels, func(_, j int) {
		packColumns(packed[j*gemmCols*k:(j+1)*gemmCols*k], b, j*gemmCols, n, k)
	})
	g.each((m+gemmRows-1)/gemmRows, func(worker, i int) {
		if cap(g.panels[worker]) < gemmRows*k {
			g.panels[worker] = make([]float32, gemmRows*k)
		}
		rows := g.panels[worker][:gemmRows*k]
		packRows(rows, a, i*gemmRows, m, k)
		for j := range panels {
			tile(c, rows, packed[j*gemmCols*k:(j+1)*gemmCols*k], i*gemmRows, j*gemmCols, m, n, k)
		}
	})
}

// each runs do for every item; items go to whichever worker is free, none
// depends on another.
func (g *Multiplier) each(items int, do func(worker, item int)) {
	if g.workers == 1 {
		for i := range items {
			do(0, i)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for worker := range g.workers {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= items {
					return
				}
				do(worker, i)
			}
		})
	}
	wg.Wait()
}

// packColumns lays gemmCols columns of b from column from on side by side, one
// element of the shared dimension after the other; columns behind n are zero.
func packColumns(to []float32, b Operand, from, n, k int) {
	width := min(gemmCols, n-from)
	if !b.Transposed {
		for p := range k {
			row := to[p*gemmCols : (p+1)*gemmCols]
			copy(row, b.Data[p*b.Cols+from:p*b.Cols+from+width])
			clear(row[width:])
		}
		return
	}
	for j := range gemmCols {
		if j >= width {
			for p := range k {
				to[p*gemmCols+j] = 0
			}
			continue
		}
		for p, x := range b.Data[(from+j)*b.Cols : (from+j)*b.Cols+k] {
			to[p*gemmCols+j] = x
		}
	}
}

// packRows does the same for gemmRows rows of a.
func packRows(to []float32, a Operand, from, m, k int) {
	height := min(gemmRows, m-from)
	if a.Transposed {
		for p := range k {
			row := to[p*gemmRows : (p+1)*gemmRows]
			copy(row, a.Data[p*a.Cols+from:p*a.Cols+from+height])
			clear(row[height:])
		}
		return
	}
	for i := range gemmRows {
		if i >= height {
			for p := range k {
				to[p*gemmRows+i] = 0
			}
			continue
		}
		for p, x := range a.Data[(from+i)*a.Cols : (from+i)*a.Cols+k] {
			to[p*gemmRows+i] = x
		}
	}
}

// tile writes one tile of the product; at the edges it is computed beside c.
func tile(c, rows, columns []float32, i, j, m, n, k int) {
	if i+gemmRows <= m && j+gemmCols <= n {
		gemmTile(k, rows, columns, c[i*n+j:], n)
		return
	}
	var edge [gemmRows * gemmCols]float32
	gemmTile(k, rows, columns, edge[:], gemmCols)
	for r := range min(gemmRows, m-i) {
		copy(c[(i+r)*n+j:(i+r)*n+min(j+gemmCols, n)], edge[r*gemmCols:])
	}
}

// gemmTileGo is the kernel in plain Go. It rounds each product, which the
// kernels in assembly don't: their results differ in the last bits.
func gemmTileGo(k int, a, b, c []float32, stride int) {
	var sums [gemmRows][gemmCols]float32
	for p := range k {
		row := b[p*gemmCols : (p+1)*gemmCols]
		for i, x := range a[p*gemmRows : (p+1)*gemmRows] {
			sum := &sums[i]
			for j, y := range row {
				sum[j] += float32(x * y)
			}
		}
	}
	for i := range sums {
		copy(c[i*stride:i*stride+gemmCols], sums[i][:])
	}
}
