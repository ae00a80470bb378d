//! A list that a mapping does not have yet, written item by item.

use super::measure::column;
use super::new_flow_list::NewFlowList;
use super::place::{LinePlace, place_after};
use crate::emit::layout::Layout;
use crate::emit::record::Record;
use crate::read::node::Node;
use crate::tree::style::NodeStyle;
use crate::{Splice, YamlError, emit, parallel};

/// Where a list stands that a mapping is to get.
///
/// It holds nothing of the document, whose tree takes more memory than its text: that can be dropped
/// before the items are written.
#[derive(Debug, Clone)]
pub struct NewList(Form);

#[derive(Debug, Clone)]
enum Form {
    Block(NewBlockList),
    Flow(NewFlowList),
}

impl NewList {
    /// The list under `key` of `mapping`; `None` where that has the key, or is no mapping.
    ///
    /// # Errors
    /// As [`Node::get`], and [`YamlError::Layout`] where there is no safe place for it.
    pub(super) fn of(mapping: Node<'_>, key: &str) -> Result<Option<Self>, YamlError> {
        if let Some(list) = NewBlockList::of(mapping, key)? {
            return Ok(Some(Self(Form::Block(list))));
        }
        let list = NewFlowList::of(mapping, key)?;
        Ok(list.map(|list| Self(Form::Flow(list))))
    }

    /// The splices that write the list with `records` as its items; none where there are none.
    pub fn splices<T: Record + Sync>(&self, records: &[T]) -> Vec<Splice> {
        match &self.0 {
            _ if records.is_empty() => Vec::new(),
            Form::Block(list) => list.splices(records),
            Form::Flow(list) => list.splices(records),
        }
    }
}

/// A list in block style.
#[derive(Debug, Clone)]
pub(super) struct NewBlockList {
    key: String,
    /// The column of the key.
    column: usize,
    layout: Layout,
    place: LinePlace,
}

impl NewBlockList {
    /// The list under `key` of `mapping`; `None` where that has the key, or is not in block style.
    pub fn of(mapping: Node<'_>, key: &str) -> Result<Option<Self>, YamlError> {
        if mapping.style() != NodeStyle::BlockMapping || mapping.get(key)?.is_some() {
            return Ok(None);
        }
        let column = column(mapping)?;
        Ok(Some(Self {
            key: key.to_owned(),
            column,
            layout: Layout::around(mapping),
            place: place_after(mapping, column)?,
        }))
    }

    fn splices<T: Record + Sync>(&self, records: &[T]) -> Vec<Splice> {
        let blocks = self.blocks(records, emit::record::items);
        self.place
            .insertions(blocks.into_iter(), self.layout.newline)
    }

    /// The lines of the list, of what `write` makes of `items`, in blocks that are not copied together;
    /// none where it makes nothing.
    pub fn blocks<T: Sync>(
        &self,
        items: &[T],
        write: impl Fn(&mut String, &[T], usize, Layout) + Sync,
    ) -> Vec<String> {
        let column = self.column + self.layout.dash;
        let mut blocks = parallel::map_chunks(items, |_, items| {
            let mut lines = String::new();
            write(&mut lines, items, column, self.layout);
            lines.shrink_to_fit();
            lines
        });
        blocks.retain(|lines| !lines.is_empty());
        if !blocks.is_empty() {
            blocks.insert(0, emit::block::key(&self.key, self.column, self.layout));
        }
        blocks
    }
}
