//! The recorded exchanges by their names.

use std::fs;

use serde_json::Value;

use crate::exchanges;

/// One recorded exchange: request and reply, byte for byte, with their heads.
#[derive(Debug)]
pub(crate) struct Recording {
    pub(crate) name: String,
    pub(crate) request: Vec<u8>,
    pub(crate) reply: Vec<u8>,
}

impl Recording {
    /// The body of the reply.
    pub(crate) fn body(&self) -> &[u8] {
        exchanges::body(&self.reply)
    }

    /// The request as another parser reads it; null if it is not JSON.
    pub(crate) fn asked(&self) -> Value {
        serde_json::from_slice(exchanges::body(&self.request)).unwrap_or_default()
    }

    /// The id of the request; 1 if it has none.
    pub(crate) fn id(&self) -> u64 {
        self.asked()["id"].as_u64().unwrap_or(1)
    }
}

/// All recordings, in the order of their names.
#[track_caller]
pub(crate) fn all() -> Vec<Recording> {
    let entries = |path| fs::read_dir(path).unwrap().map(Result::unwrap);
    let mut recordings = Vec::new();
    for folder in entries(exchanges::folder()).filter(|entry| entry.file_type().unwrap().is_dir()) {
        let folder_name = folder.file_name().into_string().unwrap();
        for file in entries(folder.path()) {
            let file = file.file_name().into_string().unwrap();
            if let Some(name) = file.strip_suffix(".request.http") {
                recordings.push(Recording {
                    name: name.to_owned(),
                    request: exchanges::file(&format!("{folder_name}/{file}")),
                    reply: exchanges::file(&format!("{folder_name}/{name}.response.http")),
                });
            } else {
                assert!(file.ends_with(".response.http"), "{folder_name}/{file} is no recording");
            }
        }
    }
    recordings.sort_by(|one, other| one.name.cmp(&other.name));
    for pair in recordings.windows(2) {
        assert_ne!(pair[0].name, pair[1].name, "in two folders");
    }
    recordings
}

/// Returns the recording of that name.
#[track_caller]
pub(crate) fn named(name: &str) -> Recording {
    let found = all().into_iter().find(|recording| recording.name == name);
    found.unwrap_or_else(|| panic!("no recording {name}"))
}
