//! The pickle machine (Python's `pickletools`, protocols 0 to 5), of which every value is a node in
//! one list: a value that is used twice stands there once, so that memory is bounded by the bytes read,
//! and a value may hold itself without harm.

use std::collections::HashMap;

use crate::watch::torch::heap::{Heap, Id, Node};

/// Deepest nesting of marks on the stack.
const MOST_MARKS: usize = 1 << 16;

/// Most states that an object gets one after the other.
const MOST_STATES: usize = 8;

/// The bytes of a pickle while it is read.
struct Bytes<'a> {
    all: &'a [u8],
    at: usize,
}

/// The error of a pickle that is not whole.
const SHORT: &str = "it ends within a pickle";

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], String> {
        let end = self.at.checked_add(count).filter(|&end| end <= self.all.len()).ok_or(SHORT)?;
        let bytes = &self.all[self.at..end];
        self.at = end;
        Ok(bytes)
    }

    /// A number of so many bytes, the lowest first.
    fn number(&mut self, bytes: usize) -> Result<u64, String> {
        let mut low = [0; 8];
        low[..bytes].copy_from_slice(self.take(bytes)?);
        Ok(u64::from_le_bytes(low))
    }

    /// As many bytes as a number of so many bytes before them says.
    fn counted(&mut self, bytes: usize) -> Result<&'a [u8], String> {
        let count = self.number(bytes)?;
        self.take(usize::try_from(count).map_err(|_too_long| SHORT)?)
    }

    fn line(&mut self) -> Result<&'a [u8], String> {
        let rest = &self.all[self.at..];
        let end = rest.iter().position(|&byte| byte == b'\n').ok_or(SHORT)?;
        self.at += end + 1;
        Ok(&rest[..end])
    }
}

/// Runs the pickle that begins at byte `at`; its value and the byte after it.
///
/// # Errors
/// It is no pickle, it ends early, or it does what no pickle of tensors does.
pub fn run(heap: &mut Heap, bytes: &[u8], at: usize) -> Result<(Id, usize), String> {
    let mut machine = Machine {
        heap,
        bytes: Bytes { all: bytes, at },
        stack: Vec::new(),
        marks: Vec::new(),
        memo: HashMap::new(),
    };
    let value = loop {
        let op = machine.bytes.take(1)?[0];
        if op == b'.' {
            break machine.pop()?;
        }
        machine.step(op)?;
    };
    Ok((value, machine.bytes.at))
}

struct Machine<'a> {
    heap: &'a mut Heap,
    bytes: Bytes<'a>,
    stack: Vec<Id>,
    marks: Vec<usize>,
    memo: HashMap<u64, Id>,
}

impl Machine<'_> {
    fn pop(&mut self) -> Result<Id, String> {
        let floor = self.marks.last().copied().unwrap_or(0);
        let value = self.stack.pop().filter(|_| self.stack.len() >= floor);
        value.ok_or_else(|| "its pickle takes what is not there".into())
    }

    fn top(&self) -> Result<Id, String> {
        let floor = self.marks.last().copied().unwrap_or(0);
        let top = self.stack.last().filter(|_| self.stack.len() > floor);
        top.copied().ok_or_else(|| "its pickle takes what is not there".into())
    }

    fn push(&mut self, node: Node) -> Result<(), String> {
        let id = self.heap.add(node)?;
        self.stack.push(id);
        Ok(())
    }

    fn marked(&mut self) -> Result<Vec<Id>, String> {
        let mark = self.marks.pop().ok_or("its pickle takes a mark that is not there")?;
        Ok(self.stack.split_off(mark.min(self.stack.len())))
    }

    fn text(&mut self, bytes: &[u8]) -> Result<(), String> {
        let text = self.heap.text(bytes);
        self.push(Node::Text(text))
    }

    fn last(&mut self, count: usize) -> Result<Vec<Id>, String> {
        let mut items = (0..count).map(|_| self.pop()).collect::<Result<Vec<Id>, String>>()?;
        items.reverse();
        Ok(items)
    }

    fn step(&mut self, op: u8) -> Result<(), String> {
        match op {
            b'(' => {
                if self.marks.len() >= MOST_MARKS {
                    return Err("its pickle is nested too deeply".into());
                }
                self.marks.push(self.stack.len());
                Ok(())
            }
            b'0' => self.pop().map(drop),
            b'1' => self.marked().map(drop),
            b'2' => self.top().map(|top| self.stack.push(top)),
            b'N' | b')' | b']' | b'}' | 0x8f | 0x88 | 0x89 => self.constant(op),
            b't' | b'l' | b'd' | 0x91 | 0x85..=0x87 => self.gathered(op),
            b'a' | b'e' | b's' | b'u' | 0x90 => self.added(op),
            b'R' | 0x81 | 0x92 | b'b' | b'o' => self.made(op),
            b'q' | b'r' | b'p' | 0x94 | b'h' | b'j' | b'g' => self.remembered(op),
            b'Q' | b'P' => self.outside(op),
            0x80 => self.bytes.take(1).map(drop),
            0x95 => self.bytes.take(8).map(drop),
            b'c' | b'i' | 0x93 => self.global(op),
            _ => self.scalar(op),
        }
    }

    fn constant(&mut self, op: u8) -> Result<(), String> {
        self.push(match op {
            b')' => Node::Tuple(Vec::new()),
            b']' | 0x8f => Node::List(Vec::new()),
            b'}' => Node::Dict(Vec::new()),
            0x88 => Node::Bool(true),
            0x89 => Node::Bool(false),
            _ => Node::Other,
        })
    }

    fn gathered(&mut self, op: u8) -> Result<(), String> {
        let node = match op {
            b'l' | 0x91 => Node::List(self.marked()?),
            b'd' => Node::Dict(self.marked()?),
            b't' => Node::Tuple(self.marked()?),
            _ => Node::Tuple(self.last(usize::from(op - 0x84))?),
        };
        self.push(node)
    }

    fn added(&mut self, op: u8) -> Result<(), String> {
        let items = match op {
            b'a' => self.last(1)?,
            b's' => self.last(2)?,
            _ => self.marked()?,
        };
        let mut top = self.top()?;
        // What a library made of a dictionary takes its items as the dictionary does.
        for _ in 0..MOST_STATES {
            let Node::Built(inner, _) = self.heap.nodes[top as usize] else { break };
            top = inner;
        }
        let at = top as usize;
        match &mut self.heap.nodes[at] {
            Node::List(all) | Node::Dict(all) => all.extend(items),
            // `OrderedDict()` without arguments, and classes that hold items.
            Node::Made(..) => {
                let made = self.heap.nodes[at].clone();
                let Node::Made(callable, _) = made else { return Ok(()) };
                let is_ordered = self
                    .heap
                    .global(callable)
                    .is_some_and(|(_, name)| matches!(name, "OrderedDict" | "defaultdict"));
                if is_ordered {
                    self.heap.nodes[at] = Node::Dict(items);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn made(&mut self, op: u8) -> Result<(), String> {
        let node = match op {
            b'R' | 0x81 => {
                let items = self.last(2)?;
                Node::Made(items[0], items[1])
            }
            0x92 => {
                let items = self.last(3)?;
                Node::Made(items[0], items[1])
            }
            b'o' => {
                let items = self.marked()?;
                let [class, ..] = items[..] else { return Err("its pickle makes nothing".into()) };
                Node::Made(class, class)
            }
            _ => {
                let items = self.last(2)?;
                // It keeps its place, so that whoever remembers the object has it with its state.
                let before =
                    std::mem::replace(&mut self.heap.nodes[items[0] as usize], Node::Other);
                let moved = self.heap.add(before)?;
                self.heap.nodes[items[0] as usize] = Node::Built(moved, items[1]);
                self.stack.push(items[0]);
                return Ok(());
            }
        };
        self.push(node)
    }

    fn remembered(&mut self, op: u8) -> Result<(), String> {
        let place = match op {
            b'q' | b'h' => self.bytes.number(1)?,
            b'r' | b'j' => self.bytes.number(4)?,
            0x94 => self.memo.len() as u64,
            _ => decimal(self.bytes.line()?)?,
        };
        match op {
            b'h' | b'j' | b'g' => {
                let known =
                    self.memo.get(&place).ok_or("its pickle remembers what it never saw")?;
                self.stack.push(*known);
            }
            _ => {
                let top = self.top()?;
                self.memo.insert(place, top);
            }
        }
        Ok(())
    }

    fn outside(&mut self, op: u8) -> Result<(), String> {
        let name = match op {
            b'Q' => self.pop()?,
            _ => {
                let line = self.bytes.line()?;
                let text = self.heap.text(line);
                self.heap.add(Node::Text(text))?
            }
        };
        self.push(Node::Outside(name))
    }

    fn global(&mut self, op: u8) -> Result<(), String> {
        let node = match op {
            0x93 => {
                let items = self.last(2)?;
                match (self.heap.node(items[0]), self.heap.node(items[1])) {
                    (Node::Text(module), Node::Text(name)) => Node::Global(*module, *name),
                    _ => return Err("its pickle names a class by no text".into()),
                }
            }
            _ => {
                let (module, name) = (self.bytes.line()?, self.bytes.line()?);
                Node::Global(self.heap.text(module), self.heap.text(name))
            }
        };
        if op == b'i' {
            self.marked()?;
        }
        self.push(node)
    }

    fn scalar(&mut self, op: u8) -> Result<(), String> {
        match op {
            b'K' => self.bytes.number(1).and_then(|n| self.push(Node::Int(n as i64))),
            b'M' => self.bytes.number(2).and_then(|n| self.push(Node::Int(n as i64))),
            b'J' => {
                self.bytes.number(4).and_then(|n| self.push(Node::Int(i64::from(n as u32 as i32))))
            }
            0x8a => self.bytes.counted(1).and_then(|bytes| self.push(long(bytes))),
            0x8b => self.bytes.counted(4).and_then(|bytes| self.push(long(bytes))),
            b'G' => self.bytes.take(8).and_then(|_| self.push(Node::Other)),
            b'X' | b'T' => self.bytes.counted(4).and_then(|bytes| self.text(bytes)),
            b'U' | 0x8c => self.bytes.counted(1).and_then(|bytes| self.text(bytes)),
            0x8d => self.bytes.counted(8).and_then(|bytes| self.text(bytes)),
            b'V' => self.bytes.line().and_then(|bytes| self.text(bytes)),
            b'S' => {
                let line = self.bytes.line()?;
                let is_quoted = line.len() > 1 && matches!(line[0], b'\'' | b'"');
                self.text(if is_quoted { &line[1..line.len() - 1] } else { line })
            }
            b'B' => self.bytes.counted(4).and_then(|_| self.push(Node::Other)),
            b'C' => self.bytes.counted(1).and_then(|_| self.push(Node::Other)),
            0x8e | 0x96 => self.bytes.counted(8).and_then(|_| self.push(Node::Other)),
            b'I' | b'L' => {
                let line = self.bytes.line()?;
                let node = match line {
                    b"01" => Node::Bool(true),
                    b"00" => Node::Bool(false),
                    _ => decimal(line.strip_suffix(b"L").unwrap_or(line))
                        .map_or(Node::Other, |n| Node::Int(n as i64)),
                };
                self.push(node)
            }
            b'F' => self.bytes.line().and_then(|_| self.push(Node::Other)),
            other => Err(format!("its pickle has the opcode {other:#04x}, which is not read")),
        }
    }
}

fn decimal(line: &[u8]) -> Result<u64, String> {
    let text = std::str::from_utf8(line).ok().and_then(|text| text.trim().parse().ok());
    text.ok_or_else(|| "its pickle has a number that is none".into())
}

/// A whole number of any length; one beyond 64 bits is something else.
fn long(bytes: &[u8]) -> Node {
    let is_negative = bytes.last().is_some_and(|last| last & 0x80 != 0);
    let fill = if is_negative { 0xff } else { 0 };
    let mut low = [fill; 8];
    let kept = bytes.len().min(8);
    let is_sign = |rest: &[u8]| rest.iter().all(|&byte| byte == fill);
    if !is_sign(&bytes[kept..]) || kept == 8 && (bytes[7] & 0x80 != 0) != is_negative {
        return Node::Other;
    }
    low[..kept].copy_from_slice(&bytes[..kept]);
    Node::Int(i64::from_le_bytes(low))
}
