//! Eigenvalues of symmetric matrices by way of a tridiagonal one.
//!
//! Householder's reflections make the matrix tridiagonal, implicit QL steps make that diagonal (Golub
//! and Van Loan, Matrix Computations, 8.3; Bowdler et al. 1968). All inner loops run along rows.

/// QL steps for one eigenvalue at most; two are usual.
const STEPS: usize = 60;

/// Eigenvalues and eigenvectors (row i belongs to value i) of a symmetric `n` x `n` matrix, row by
/// row, in no order.
pub fn symmetric(a: Vec<f64>, n: usize) -> (Vec<f64>, Vec<f64>) {
    let (mut values, mut below, reflections) = reduce(a, n);
    let mut vectors = transposed(&product(&reflections, n), n);
    diagonalize(&mut values, &mut below, &mut vectors, n);
    (values, vectors)
}

/// The eigenvalues alone, the same to the last bit: without the vectors, which cost most of it.
pub fn values(a: Vec<f64>, n: usize) -> Vec<f64> {
    let (mut values, mut below, _) = reduce(a, n);
    diagonalize(&mut values, &mut below, &mut [], 0);
    values
}

/// A reflection: the first row that it acts on, its vector and its scale.
type Reflection = (usize, Vec<f64>, f64);

/// The matrix as a tridiagonal one: its diagonal, what stands below that, and the reflections that
/// made it so.
fn reduce(mut a: Vec<f64>, n: usize) -> (Vec<f64>, Vec<f64>, Vec<Reflection>) {
    let mut below = vec![0.0; n];
    let mut reflections = Vec::new();
    for k in 0..n.saturating_sub(2) {
        let (v, scale, length) = reflection((k + 1..n).map(|i| a[i * n + k]).collect());
        below[k] = length;
        reflect(&mut a, n, k + 1, &v, scale);
        reflections.push((k + 1, v, scale));
    }
    if n > 1 {
        below[n - 2] = a[(n - 1) * n + n - 2];
    }
    ((0..n).map(|i| a[i * n + i]).collect(), below, reflections)
}

/// The reflection I - scale·v·vᵀ that takes `x` to a multiple of the first axis, and that multiple.
fn reflection(mut x: Vec<f64>) -> (Vec<f64>, f64, f64) {
    let length = x.iter().map(|x| x * x).sum::<f64>().sqrt();
    if length == 0.0 {
        return (x, 0.0, 0.0);
    }
    // Away from x, so that nothing cancels.
    let to = if x[0] > 0.0 { -length } else { length };
    x[0] -= to;
    let scale = 2.0 / x.iter().map(|x| x * x).sum::<f64>();
    (x, scale, to)
}

/// The reflection on both sides of the part of `a` from row and column `first` on.
fn reflect(a: &mut [f64], n: usize, first: usize, v: &[f64], scale: f64) {
    let row = |i: usize| (first + i) * n + first..(first + i + 1) * n;
    let mut w: Vec<f64> = (0..v.len())
        .map(|i| scale * a[row(i)].iter().zip(v).map(|(x, y)| x * y).sum::<f64>())
        .collect();
    let along = scale / 2.0 * w.iter().zip(v).map(|(x, y)| x * y).sum::<f64>();
    w.iter_mut().zip(v).for_each(|(w, v)| *w -= along * v);
    for i in 0..v.len() {
        let (vi, wi) = (v[i], w[i]);
        for ((x, v), w) in a[row(i)].iter_mut().zip(v).zip(&w) {
            *x -= vi * w + wi * v;
        }
    }
}

/// The product of all reflections, n x n.
fn product(reflections: &[Reflection], n: usize) -> Vec<f64> {
    let mut q = vec![0.0; n * n];
    (0..n).for_each(|i| q[i * n + i] = 1.0);
    for (first, v, scale) in reflections.iter().rev() {
        let mut sum = vec![0.0; n];
        for (row, v) in q[first * n..].chunks_exact(n).zip(v) {
            sum.iter_mut().zip(row).for_each(|(s, x)| *s += scale * v * x);
        }
        for (row, v) in q[first * n..].chunks_exact_mut(n).zip(v) {
            row.iter_mut().zip(&sum).for_each(|(x, s)| *x -= v * s);
        }
    }
    q
}

fn transposed(a: &[f64], n: usize) -> Vec<f64> {
    (0..n * n).map(|i| a[i % n * n + i / n]).collect()
}

/// QL steps with implicit shifts on a tridiagonal matrix (`d` on the diagonal, `e[i]` beside `d[i]`
/// and `d[i + 1]`); the `rows` of so many numbers turn along and become the eigenvectors.
fn diagonalize(d: &mut [f64], e: &mut [f64], rows: &mut [f64], width: usize) {
    let n = d.len();
    for l in 0..n {
        for _ in 0..STEPS {
            let is_small =
                |i: &usize| e[*i].abs() <= f64::EPSILON * (d[*i].abs() + d[*i + 1].abs());
            let end = (l..n - 1).find(is_small).unwrap_or(n - 1);
            if end == l {
                break;
            }
            step(d, e, rows, width, l, end);
        }
    }
}

/// One QL step on the part from `l` to `end`.
fn step(d: &mut [f64], e: &mut [f64], rows: &mut [f64], width: usize, l: usize, end: usize) {
    let g = (d[l + 1] - d[l]) / (2.0 * e[l]);
    let mut g = d[end] - d[l] + e[l] / (g + g.hypot(1.0).copysign(g));
    let (mut s, mut c, mut p) = (1.0, 1.0, 0.0);
    for i in (l..end).rev() {
        let (f, b) = (s * e[i], c * e[i]);
        let r = f.hypot(g);
        e[i + 1] = r;
        if r == 0.0 {
            // The matrix falls apart here.
            d[i + 1] -= p;
            e[end] = 0.0;
            return;
        }
        (s, c) = (f / r, g / r);
        g = d[i + 1] - p;
        let r = (d[i] - g) * s + 2.0 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
        let (upper, lower) = rows[i * width..(i + 2) * width].split_at_mut(width);
        for (x, y) in upper.iter_mut().zip(lower) {
            (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
        }
    }
    d[l] -= p;
    e[l] = g;
    e[end] = 0.0;
}
