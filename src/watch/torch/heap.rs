//! All that a pickle builds, in one list.

/// Which node.
pub type Id = u32;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// None, and everything that is not understood.
    Other,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A text, by its place among the texts.
    Text(u32),
    /// A tuple.
    Tuple(Vec<Id>),
    /// A list or a set.
    List(Vec<Id>),
    /// A dictionary, as keys and values one after the other.
    Dict(Vec<Id>),
    /// A class or a function: its module and name, by their places among the texts.
    Global(u32, u32),
    /// What a function was asked to make: function and arguments.
    Made(Id, Id),
    /// An object that got a state: what it is, and the state.
    Built(Id, Id),
    /// Something outside of the pickle that these fields name.
    Outside(Id),
}

/// All that a pickle builds.
#[derive(Debug, Default)]
pub struct Heap {
    /// Every value.
    pub nodes: Vec<Node>,
    texts: Vec<String>,
}

impl Heap {
    /// One value more.
    ///
    /// # Errors
    /// There are too many.
    pub fn add(&mut self, node: Node) -> Result<Id, String> {
        let id = Id::try_from(self.nodes.len()).map_err(|_too_many| "too many values")?;
        self.nodes.push(node);
        Ok(id)
    }

    /// One text more; its place.
    pub fn text(&mut self, bytes: &[u8]) -> u32 {
        self.texts.push(String::from_utf8_lossy(bytes).into_owned());
        (self.texts.len() - 1) as u32
    }

    /// The value of a node.
    pub fn node(&self, id: Id) -> &Node {
        &self.nodes[id as usize]
    }

    /// The text of a node; none where it is no text.
    pub fn str(&self, id: Id) -> Option<&str> {
        match self.node(id) {
            Node::Text(at) => Some(&self.texts[*at as usize]),
            _ => None,
        }
    }

    /// Module and name of a class or a function.
    pub fn global(&self, id: Id) -> Option<(&str, &str)> {
        match self.node(id) {
            Node::Global(module, name) => {
                Some((&self.texts[*module as usize], &self.texts[*name as usize]))
            }
            _ => None,
        }
    }

    /// The whole number of a node.
    pub fn int(&self, id: Id) -> Option<i64> {
        match self.node(id) {
            Node::Int(n) => Some(*n),
            _ => None,
        }
    }

    /// The items of a tuple or a list.
    pub fn items(&self, id: Id) -> Option<&[Id]> {
        match self.node(id) {
            Node::Tuple(items) | Node::List(items) => Some(items),
            _ => None,
        }
    }
}
