/// The guarantees of [dev.tapline.files] in an object store, where multipart uploads take the role
/// of temporary files and renames.
package dev.tapline.files.objects;
