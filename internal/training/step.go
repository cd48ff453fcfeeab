package training

import (
	"math"
	"slices"
	"sync"

	"dalil/corpus"
	"dalil/vector"
)

// step trains on one batch and returns its loss a pair.
func (t *trainer) step(batch []example, rate float64) float64 {
	// Texts with a teacher's vector come first, so that its losses read a prefix.
	batch = slices.Clone(batch)
	slices.SortStableFunc(batch, func(a, b example) int { return boolInt(a.taught == nil) - boolInt(b.taught == nil) })
	n, taught := len(batch), 0
	source, target, teacher := &t.sides[0], &t.sides[1], &t.sides[2]
	source.reset(n, t.width)
	target.reset(n, t.width)
	teacher.reset(n, t.width)
	for i, e := range batch {
		source.texts[i], target.texts[i] = e.source, e.target
		if e.taught != nil {
			copy(teacher.unit[i*t.width:], e.taught)
			taught++
		}
	}
	t.each(2, func(i int) { t.embed(&t.sides[i]) })
	loss := t.contrast(source, target, n, 1)
	if taught > 1 {
		loss += t.contrast(source, teacher, taught, t.o.Teaching)
		loss += t.contrast(target, teacher, taught, t.o.Teaching)
	}
	t.backward(source, target)
	t.update(rate)
	return loss
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (t *trainer) each(n int, do func(int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { do(i) })
	}
	wg.Wait()
}

func (s *side) reset(n, width int) {
	s.texts = slices.Grow(s.texts[:0], n)[:n]
	for _, field := range []*[]float32{&s.unit, &s.grad, &s.part} {
		*field = slices.Grow((*field)[:0], n*width)[:n*width]
	}
	s.lengths = slices.Grow(s.lengths[:0], n)[:n]
	clear(s.unit)
	clear(s.grad)
}

// embed gives each text the mean of its vectors, made unit.
func (t *trainer) embed(s *side) {
	for i, ids := range s.texts {
		v := s.unit[i*t.width : (i+1)*t.width]
		for _, id := range ids {
			vector.AddScaled(v, t.vectors[int(id)*t.width:int(id+1)*t.width], 1/float32(len(ids)))
		}
		s.lengths[i] = unit(v)
	}
}

// unit scales v to length 1 and returns the length that it had.
func unit(v corpus.Vector) float32 {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum == 0 {
		return 0
	}
	length := math.Sqrt(sum)
	for i := range v {
		v[i] = float32(float64(v[i]) / length)
	}
	return float32(length)
}

// contrast is the symmetric InfoNCE loss of the first n texts of two sides:
// each must pick out its partner among all, in both directions. It adds the
// gradients to both sides and returns the mean loss times weight.
func (t *trainer) contrast(a, b *side, n int, weight float64) float64 {
	t.logits = slices.Grow(t.logits[:0], n*n)[:n*n]
	x := vector.Operand{Data: a.unit[:n*t.width], Rows: n, Cols: t.width}
	y := vector.Operand{Data: b.unit[:n*t.width], Rows: n, Cols: t.width}
	yt := y
	yt.Transposed = true
	t.g.Multiply(t.logits, x, yt)
	loss := t.softmax(n, weight)
	p := vector.Operand{Data: t.logits, Rows: n, Cols: n}
	t.g.Multiply(a.part[:n*t.width], p, y)
	add(a.grad[:n*t.width], a.part[:n*t.width])
	if b != &t.sides[2] { // the teacher's side is not trained
		p.Transposed = true
		t.g.Multiply(b.part[:n*t.width], p, x)
		add(b.grad[:n*t.width], b.part[:n*t.width])
	}
	return loss
}

func add(to, from []float32) {
	for i, x := range from {
		to[i] += x
	}
}

// stripes is how many parts the rows of a batch are worked on in; fixed, so
// that sums do not depend on the cores.
const stripes = 8

// softmax turns the similarities into the loss's gradient on them, in place:
// scale·weight/2n times (row softmax + column softmax - 2 on the diagonal).
func (t *trainer) softmax(n int, weight float64) float64 {
	rows, columns := make([]float32, n), make([]float32, n)
	diagonal := make([]float32, n)
	parts := make([][]float32, stripes)
	scale := float32(t.o.Scale)
	t.each(stripes, func(s int) {
		parts[s] = make([]float32, n)
		for i := s * n / stripes; i < (s+1)*n/stripes; i++ {
			row := t.logits[i*n : (i+1)*n]
			diagonal[i] = row[i] * scale
			var sum float32
			for j, x := range row {
				e := exp(x * scale)
				row[j] = e
				sum += e
				parts[s][j] += e
			}
			rows[i] = sum
		}
	})
	for _, part := range parts {
		add(columns, part)
	}
	var loss float64
	for i := range n {
		loss += (math.Log(float64(rows[i])) + math.Log(float64(columns[i]))) / 2
		loss -= float64(diagonal[i])
		columns[i] = 1 / columns[i]
	}
	factor := scale * float32(weight) / float32(2*n)
	t.each(stripes, func(s int) {
		for i := s * n / stripes; i < (s+1)*n/stripes; i++ {
			row := t.logits[i*n : (i+1)*n]
			inverse := 1 / rows[i]
			for j, e := range row {
				row[j] = factor * e * (inverse + columns[j])
			}
			row[i] -= 2 * factor
		}
	})
	return loss / float64(n) * weight
}

// exp is e^x to 2 units in the last place or so, for |x| ≤ 80: 2^(x·log2 e),
// the whole part by the exponent's bits, the rest by a polynomial (Cephes).
func exp(x float32) float32 {
	const (
		log2e = 1.44269504088896341
		magic = 12582912 // 1.5·2²³: adding it rounds to whole
		high  = 0.693359375
		low   = -2.12194440e-4
	)
	x = min(max(x, -80), 80)
	whole := x*log2e + magic - magic
	r := x - whole*high - whole*low
	p := float32(1.9875691500e-4)
	p = p*r + 1.3981999507e-3
	p = p*r + 8.3334519073e-3
	p = p*r + 4.1665795894e-2
	p = p*r + 1.6666665459e-1
	p = p*r + 5.0000001201e-1
	return (p*r*r + r + 1) * math.Float32frombits(uint32(int32(whole)+127)<<23)
}

// backward carries the gradients of the unit vectors to the pieces: through
// the scaling to unit length, then in equal parts to the text's pieces. Each
// worker has its own dimensions, so every sum has one order.
func (t *trainer) backward(sides ...*side) {
	for _, s := range sides {
		for i, ids := range s.texts {
			for _, id := range ids {
				if !t.marked[id] {
					t.marked[id] = true
					t.touched = append(t.touched, id)
				}
			}
			g, x := s.grad[i*t.width:(i+1)*t.width], s.unit[i*t.width:(i+1)*t.width]
			if s.lengths[i] == 0 {
				clear(g)
				continue
			}
			along := vector.DotFloat32(g, x)
			factor := 1 / (s.lengths[i] * float32(len(ids)))
			for j := range g {
				g[j] = (g[j] - along*x[j]) * factor
			}
		}
	}
	const parts = 4
	t.each(parts, func(p int) {
		low, high := p*t.width/parts, (p+1)*t.width/parts
		for _, s := range sides {
			for i, ids := range s.texts {
				g := s.grad[i*t.width+low : i*t.width+high]
				for _, id := range ids {
					vector.AddScaled(t.grads[int(id)*t.width+low:int(id)*t.width+high], g, 1)
				}
			}
		}
	})
}

// update is one step of Adagrad (Duchi, Hazan and Singer, JMLR 2011) on the
// pieces of the batch; their gradients are zero afterwards.
func (t *trainer) update(rate float64) {
	slices.Sort(t.touched)
	t.each(stripes, func(s int) {
		for _, id := range t.touched[s*len(t.touched)/stripes : (s+1)*len(t.touched)/stripes] {
			from, to := int(id)*t.width, int(id+1)*t.width
			v, g, q := t.vectors[from:to], t.grads[from:to], t.squares[from:to]
			for i, x := range g {
				q[i] += x * x
				v[i] -= float32(rate) * x / (sqrt(q[i]) + 1e-10)
				g[i] = 0
			}
			t.marked[id] = false
		}
	})
	t.touched = t.touched[:0]
}

func sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }

// recall is the share of the held-out sources whose nearest target is their
// own.
func (t *trainer) recall(kept []example) float64 {
	n := len(kept)
	if n == 0 {
		return 0
	}
	var a, b side
	a.reset(n, t.width)
	b.reset(n, t.width)
	for i, e := range kept {
		a.texts[i], b.texts[i] = e.source, e.target
	}
	t.embed(&a)
	t.embed(&b)
	scores := make([]float32, n*n)
	t.g.Multiply(scores, vector.Operand{Data: a.unit, Rows: n, Cols: t.width}, vector.Operand{Data: b.unit, Rows: n, Cols: t.width, Transposed: true})
	found := 0
	for i := range n {
		row := scores[i*n : (i+1)*n]
		if row[i] >= slices.Max(row) {
			found++
		}
	}
	return float64(found) / float64(n)
}
