/// The same as [dev.tapline.files] promises, in an object store: multipart uploads are what
/// temporary files and renames are in a folder.
package dev.tapline.files.objects;
