/// JSON that the sink stores in commits and in the destination, and the format that preceded it.
package dev.tapline.sink.jdbc.json;
