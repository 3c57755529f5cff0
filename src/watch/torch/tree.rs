//! Tensors and whole numbers in the tree of values that a pickle builds, by their paths in it.

use std::collections::BTreeMap;

use crate::watch::number::{Kind, unsupported};
use crate::watch::torch::heap::{Heap, Id, Node};

/// Most levels of dictionaries and lists.
const MOST_LEVELS: usize = 64;

/// Most values that are looked at: one that stands in a tree many times counts as often.
const MOST_VISITS: usize = 1 << 21;

/// Most tensors of a file.
const MOST_TENSORS: usize = 1 << 16;

/// Most bytes of their names.
const MOST_NAMES: usize = 1 << 23;

/// A tensor of which no number is read yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Name of its storage.
    pub storage: String,
    /// Numbers before its first one.
    pub offset: usize,
    /// Lengths of its axes.
    pub shape: Vec<usize>,
    /// Numbers between two neighbours along each axis.
    pub strides: Vec<usize>,
    /// What its numbers are; why they are not read.
    pub kind: Result<Kind, String>,
    /// Whether they are flags.
    pub is_flags: bool,
}

/// A storage as the pickle declares it.
#[derive(Clone, Debug, PartialEq)]
pub struct Storage {
    /// Its name.
    pub key: String,
    /// Bytes of it.
    pub bytes: u64,
    /// Kind of its numbers; none where it has none of its own.
    pub kind: Option<Result<(Kind, bool), String>>,
    /// Numbers before the view that is meant.
    pub offset: usize,
}

/// What a file holds.
#[derive(Debug, Default)]
pub struct Found {
    /// Tensors by their paths.
    pub tensors: BTreeMap<String, Tensor>,
    /// Whole numbers at the root, by their names.
    pub numbers: BTreeMap<String, i64>,
    /// Bytes of every storage that is named.
    pub storages: BTreeMap<String, u64>,
}

/// Kind of a number by the name of a storage's class (`FloatStorage`) or of a type (`float32`), and
/// whether it is a flag.
fn kind(name: &str) -> Result<(Kind, bool), String> {
    let number = |kind: Kind| Ok((kind, false));
    match name.trim_end_matches("Storage") {
        "Float" | "float32" | "float" => number(Kind::F32),
        "Double" | "float64" | "double" => number(Kind::F64),
        "Half" | "float16" | "half" => number(Kind::F16),
        "BFloat16" | "bfloat16" => number(Kind::Bf16),
        "Long" | "int64" | "long" => number(Kind::Signed(8)),
        "Int" | "int32" | "int" => number(Kind::Signed(4)),
        "Short" | "int16" | "short" => number(Kind::Signed(2)),
        "Char" | "int8" => number(Kind::Signed(1)),
        "Byte" | "uint8" => number(Kind::Unsigned(1)),
        "uint16" => number(Kind::Unsigned(2)),
        "uint32" => number(Kind::Unsigned(4)),
        "uint64" => number(Kind::Unsigned(8)),
        "Bool" | "bool" => Ok((Kind::Unsigned(1), true)),
        _ => Err(unsupported(name)),
    }
}

/// The tensors below a root.
///
/// # Errors
/// There are more than are read, or one contradicts itself.
pub fn find(heap: &Heap, root: Id) -> Result<Found, String> {
    let mut walk = Walk { heap, found: Found::default(), visits: 0, names: 0, depth: 0 };
    walk.below(root, &mut Vec::new())?;
    Ok(walk.found)
}

struct Walk<'a> {
    heap: &'a Heap,
    found: Found,
    visits: usize,
    names: usize,
    /// How deep a value stands in others.
    depth: usize,
}

impl Walk<'_> {
    fn below(&mut self, id: Id, path: &mut Vec<String>) -> Result<(), String> {
        self.visits += 1;
        if self.visits > MOST_VISITS {
            return Err("its pickle says too much; save the state dict alone".into());
        }
        if self.depth >= MOST_LEVELS {
            return Ok(());
        }
        self.depth += 1;
        let done = self.look_into(id, path);
        self.depth -= 1;
        done
    }

    fn look_into(&mut self, id: Id, path: &mut Vec<String>) -> Result<(), String> {
        match self.heap.node(id) {
            Node::Dict(items) => {
                for pair in items.chunks_exact(2) {
                    let key = match self.heap.node(pair[0]) {
                        Node::Int(n) => n.to_string(),
                        _ => match self.heap.str(pair[0]) {
                            Some(key) => key.to_string(),
                            None => continue,
                        },
                    };
                    path.push(key);
                    self.below(pair[1], path)?;
                    path.pop();
                }
                Ok(())
            }
            Node::List(items) | Node::Tuple(items) => {
                for (at, &item) in items.iter().enumerate() {
                    path.push(at.to_string());
                    self.below(item, path)?;
                    path.pop();
                }
                Ok(())
            }
            Node::Int(n) => {
                if let [name] = &path[..] {
                    self.found.numbers.insert(name.clone(), *n);
                }
                Ok(())
            }
            Node::Built(what, state) => self.object(*what, *state, path),
            Node::Made(callable, arguments) => self.made(*callable, *arguments, path),
            _ => Ok(()),
        }
    }

    /// A module with its tables, as `torch.save(model)` writes it, or a dictionary with attributes.
    fn object(&mut self, what: Id, state: Id, path: &mut Vec<String>) -> Result<(), String> {
        let Node::Dict(items) = self.heap.node(state) else { return self.below(what, path) };
        let tables = ["_parameters", "_buffers", "_modules"];
        let mut is_module = false;
        for pair in items.chunks_exact(2) {
            if self.heap.str(pair[0]).is_some_and(|name| tables.contains(&name)) {
                is_module = true;
                self.below(pair[1], path)?;
            }
        }
        if is_module { Ok(()) } else { self.below(what, path) }
    }

    fn made(&mut self, callable: Id, arguments: Id, path: &mut Vec<String>) -> Result<(), String> {
        let heap = self.heap;
        let Some((module, name)) = heap.global(callable) else { return Ok(()) };
        let items = heap.items(arguments).unwrap_or_default();
        match (module, name, items) {
            ("collections", "OrderedDict", [pairs, ..]) => {
                let pairs: Vec<Id> = heap.items(*pairs).unwrap_or_default().to_vec();
                for pair in pairs {
                    let Some([key, value]) = heap.items(pair) else { continue };
                    let Some(key) = heap.str(*key) else { continue };
                    path.push(key.to_string());
                    self.below(*value, path)?;
                    path.pop();
                }
                Ok(())
            }
            (
                "torch._utils",
                "_rebuild_parameter" | "_rebuild_parameter_with_state",
                [data, ..],
            )
            | ("torch.nn.parameter", "Parameter", [data, ..]) => {
                let data = *data;
                self.below(data, path)
            }
            ("torch._tensor", "_rebuild_from_type_v2", [function, _, arguments, ..]) => {
                let (function, arguments) = (*function, *arguments);
                if heap.global(function).is_some_and(|(_, name)| name == "_rebuild_from_type_v2") {
                    return Ok(());
                }
                self.made(function, arguments, path)
            }
            (
                "torch._utils",
                "_rebuild_tensor" | "_rebuild_tensor_v2" | "_rebuild_tensor_v3",
                [storage, offset, shape, strides, rest @ ..],
            ) => {
                let own = match name {
                    "_rebuild_tensor_v3" => rest.get(2).and_then(|&id| heap.global(id)),
                    _ => None,
                };
                let tensor = self.tensor([*storage, *offset, *shape, *strides], own)?;
                self.take(tensor, path)
            }
            _ => Ok(()),
        }
    }

    fn take(&mut self, tensor: Tensor, path: &[String]) -> Result<(), String> {
        // A tensor saved by itself.
        let name = if path.is_empty() { "codebook".into() } else { path.join(".") };
        self.names += name.len();
        if self.found.tensors.len() >= MOST_TENSORS || self.names > MOST_NAMES {
            return Err(format!(
                "holds more than {MOST_TENSORS} tensors or {MOST_NAMES} bytes of names; save the codebook alone"
            ));
        }
        self.found.tensors.insert(name, tensor);
        Ok(())
    }

    fn tensor(
        &mut self,
        [storage, offset, shape, strides]: [Id; 4],
        own: Option<(&str, &str)>,
    ) -> Result<Tensor, String> {
        let heap = self.heap;
        let lengths = |id: Id| -> Option<Vec<usize>> {
            heap.items(id)?.iter().map(|&n| usize::try_from(heap.int(n)?).ok()).collect()
        };
        let damaged = || "its pickle has a tensor without a shape".to_string();
        let storage = self.storage(storage).ok_or("its pickle has a tensor without a storage")?;
        let (shape, strides) =
            (lengths(shape).ok_or_else(damaged)?, lengths(strides).ok_or_else(damaged)?);
        let offset = heap.int(offset).and_then(|n| usize::try_from(n).ok()).ok_or_else(damaged)?;
        if shape.len() != strides.len() || shape.len() > 64 {
            return Err(damaged());
        }
        let offset = offset.checked_add(storage.offset).ok_or_else(damaged)?;
        let known = match own {
            Some((_, name)) => kind(name),
            None => storage.kind.unwrap_or_else(|| Err(unsupported("untyped"))),
        };
        let before = self.found.storages.insert(storage.key.clone(), storage.bytes);
        if before.is_some_and(|before| before != storage.bytes) {
            return Err(format!("its pickle says two lengths of the storage {}", storage.key));
        }
        let is_flags = known.as_ref().is_ok_and(|known| known.1);
        let kind = known.map(|known| known.0);
        Ok(Tensor { storage: storage.key, offset, shape, strides, kind, is_flags })
    }

    /// `('storage', class, key, place, count[, view])`.
    fn storage(&self, id: Id) -> Option<Storage> {
        let heap = self.heap;
        let Node::Outside(fields) = heap.node(id) else { return None };
        let [tag, class, key, _, count, view @ ..] = heap.items(*fields)? else { return None };
        let class = heap.global(*class).map(|(_, name)| name).or_else(|| heap.str(*class))?;
        let kind = (class != "UntypedStorage").then(|| kind(class));
        let key = match heap.int(*key) {
            Some(n) => n.to_string(),
            None => heap.str(*key)?.to_string(),
        };
        let count = u64::try_from(heap.int(*count)?).ok()?;
        // A kind that is not read has a length all the same; it is asked for where no other follows.
        let size = match &kind {
            Some(Ok((kind, _))) => kind.bytes() as u64,
            Some(Err(_)) if class.starts_with("Complex") => 8,
            _ => 1,
        };
        let offset = match view.first().and_then(|&view| heap.items(view)) {
            Some([_, offset, _]) => usize::try_from(heap.int(*offset)?).ok()?,
            _ => 0,
        };
        (heap.str(*tag) == Some("storage") && key.len() <= 4096).then_some(Storage {
            key,
            bytes: count.checked_mul(size)?,
            kind,
            offset,
        })
    }
}
