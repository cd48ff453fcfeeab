package training

import (
	"math"
	"math/rand/v2"
	"runtime"

	"dalil/corpus"
	"dalil/vector"
)

// projected gives the texts' vectors, centred and cut to the width along the
// directions of greatest variance (principal components), of unit length; nil
// where the cache has none. Equal keys share one vector.
func projected(cache *vectorCache, keys []uint64, from, width int) []corpus.Vector {
	const sampled = 1 << 15
	const chunk = 1 << 10
	g := vector.NewMultiplier(runtime.GOMAXPROCS(0))
	unique := make([]uint64, 0, len(keys))
	seen := make(map[uint64]corpus.Vector, len(keys))
	row := make([]float32, from)
	mean := make([]float64, from)
	for _, key := range keys {
		if _, twice := seen[key]; twice || !cache.vector(key, row) {
			continue
		}
		seen[key] = nil
		unique = append(unique, key)
		for i, x := range row {
			mean[i] += float64(x)
		}
	}
	for i := range mean {
		mean[i] /= max(1, float64(len(unique)))
	}
	centred := func(keys []uint64) vector.Operand {
		m := vector.Operand{Data: make([]float32, len(keys)*from), Rows: len(keys), Cols: from}
		for i, key := range keys {
			row := m.Data[i*from:][:from]
			cache.vector(key, row)
			for j := range row {
				row[j] -= float32(mean[j])
			}
		}
		return m
	}
	step := max(1, len(unique)/sampled)
	var sample []uint64
	for i := 0; i < len(unique); i += step {
		sample = append(sample, unique[i])
	}
	covariance := make([]float32, from*from)
	part := make([]float32, from*from)
	for at := 0; at < len(sample); at += chunk {
		m := centred(sample[at:min(at+chunk, len(sample))])
		turned := m
		turned.Transposed = true
		g.Multiply(part, turned, m)
		for i, x := range part {
			covariance[i] += x
		}
	}
	basis := principal(covariance, from, width, g)
	for at := 0; at < len(unique); at += chunk {
		some := unique[at:min(at+chunk, len(unique))]
		cut := make([]float32, len(some)*width)
		g.Multiply(cut, centred(some), basis)
		for i, key := range some {
			if v := cut[i*width:][:width:width]; unit(v) > 0 {
				seen[key] = v
			}
		}
	}
	out := make([]corpus.Vector, len(keys))
	for i, key := range keys {
		out[i] = seen[key]
	}
	return out
}

// principal finds the directions of greatest variance, as the columns of a
// matrix of size × width: orthogonal iteration (Golub and Van Loan, "Matrix
// Computations", §8.2.4). Directions of nearly equal variance may stay mixed,
// which costs nothing: only the space that they span together matters.
func principal(covariance []float32, size, width int, g *vector.Multiplier) vector.Operand {
	const rounds = 30
	rng := rand.New(rand.NewPCG(1, 1))
	rows := vector.Operand{Data: make([]float32, width*size), Rows: width, Cols: size} // a direction a row
	for i := range rows.Data {
		rows.Data[i] = float32(rng.NormFloat64())
	}
	orthonormal(rows)
	c := vector.Operand{Data: covariance, Rows: size, Cols: size}
	for range rounds {
		next := make([]float32, len(rows.Data))
		g.Multiply(next, rows, c) // the covariance is symmetric
		rows.Data = next
		orthonormal(rows)
	}
	rows.Transposed = true
	return rows
}

// orthonormal is modified Gram-Schmidt, twice for the digits. A row that
// depends on those before it becomes zero.
func orthonormal(m vector.Operand) {
	for i := range m.Rows {
		row := m.Data[i*m.Cols:][:m.Cols]
		before := length(row)
		for range 2 {
			for j := range i {
				other := m.Data[j*m.Cols:][:m.Cols]
				vector.AddScaled(row, other, -vector.DotFloat32(row, other))
			}
		}
		after := length(row)
		if after <= 1e-5*before || after == 0 {
			clear(row)
			continue
		}
		for j := range row {
			row[j] = float32(float64(row[j]) / after)
		}
	}
}

func length(v []float32) float64 {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	return math.Sqrt(sum)
}
