/// JSON objects, as commits, markers and states are stored.
package dev.tapline.files.json;
