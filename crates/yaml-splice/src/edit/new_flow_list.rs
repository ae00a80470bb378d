//! A list that a mapping in brackets does not have yet, written item by item.

use super::flow_place::end_of;
use crate::emit::flow::{FlowLines, FlowStyle};
use crate::emit::flow_record;
use crate::emit::record::Record;
use crate::emit::scalar::push_text;
use crate::read::node::Node;
use crate::tree::style::NodeStyle;
use crate::{Splice, YamlError, parallel};

/// A list in brackets.
#[derive(Debug, Clone)]
pub(super) struct NewFlowList {
    key: String,
    /// Where it is inserted.
    offset: usize,
    /// What stands between it and the entry before it.
    separator: String,
    /// How it is written, but for its lines.
    style: FlowStyle<'static>,
    /// The line break before an entry, the white space behind that, and what each level adds to it.
    lines: Option<(&'static str, String, String)>,
}

impl NewFlowList {
    /// The list under `key` of `mapping`; `None` where that has the key or no other, or is not in braces.
    pub fn of(mapping: Node<'_>, key: &str) -> Result<Option<Self>, YamlError> {
        if mapping.style() != NodeStyle::FlowMapping || mapping.get(key)?.is_some() {
            return Ok(None);
        }
        Ok(end_of(mapping).map(|(offset, separator, style)| Self {
            key: key.to_owned(),
            offset,
            separator,
            style: FlowStyle {
                quoting: style.quoting,
                spaced: style.spaced,
                lines: None,
            },
            lines: style
                .lines
                .map(|lines| (lines.newline, lines.prefix.into(), lines.step.into())),
        }))
    }

    fn style(&self) -> FlowStyle<'_> {
        let lines = self.lines.as_ref();
        let lines = lines.map(|(newline, prefix, step)| FlowLines {
            newline,
            prefix,
            step,
        });
        FlowStyle {
            quoting: self.style.quoting,
            spaced: self.style.spaced,
            lines,
        }
    }

    /// The splices that write it with `records`, of which there are some.
    pub fn splices<T: Record + Sync>(&self, records: &[T]) -> Vec<Splice> {
        let style = self.style();
        let mut begin = self.separator.clone();
        push_text(&mut begin, &self.key, style.quoting);
        begin.extend([style.colon(), "["]);
        let mut end = String::new();
        style.end(&mut end, records.len(), 0);
        end.push(']');
        let items = parallel::map_chunks(records, |first, records| {
            let mut text = String::new();
            flow_record::items(&mut text, records, first, &style);
            text.shrink_to_fit();
            text
        });
        let texts = [begin].into_iter().chain(items).chain([end]);
        texts
            .map(|text| Splice::insert(self.offset, text))
            .collect()
    }
}
