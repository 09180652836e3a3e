/// Files that appear whole, once, and survive a crash.
///
/// [dev.tapline.files.FileStore] is what a sink uses; its writers make [files][PreparedFile] of
/// temporary names in the folder that it opens.
package dev.tapline.files;
