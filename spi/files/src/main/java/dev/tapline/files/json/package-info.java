/// The one JSON codec of commits, markers and states.
package dev.tapline.files.json;
