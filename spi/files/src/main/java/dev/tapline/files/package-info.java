/// Files that become visible atomically, exactly once, and durably.
///
/// A sink uses a [dev.tapline.files.FileStore]; its writers stage [files][PreparedFile] under
/// temporary names, and its committer makes them visible.
package dev.tapline.files;
