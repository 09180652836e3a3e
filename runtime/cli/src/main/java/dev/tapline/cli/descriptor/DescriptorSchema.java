package dev.tapline.cli.descriptor;

import dev.tapline.plugins.LoadedPlugins;
import dev.tapline.plugins.Plugin;
import dev.tapline.plugins.PluginKind;
import dev.tapline.spi.config.ConfigKey;
import dev.tapline.spi.config.ConfigSpec;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes the declared keys as a JSON Schema, for editors.
public final class DescriptorSchema {
  // A reference can stand wherever a scalar can, and what it brings is not known to an editor.
  private static final String REFERENCE = "\\$\\{";
  private static final String SIZE = "^\\d{1,15} ?[KkMmGgTt]?[Ii]?[Bb]?$";
  private static final String DURATION = "^\\d{1,15} ?([Mm][Ss]|[Ss]|[Mm]|[Hh]|[Dd])$";

  private final JsonMapper mapper = new JsonMapper();
  private final LoadedPlugins plugins;

  private DescriptorSchema(LoadedPlugins plugins) {
    this.plugins = plugins;
  }

  /// The schema, draft 2020-12, of descriptors that use these plug-ins.
  public static String of(LoadedPlugins plugins) {
    DescriptorSchema schema = new DescriptorSchema(plugins);
    return schema.mapper.writerWithDefaultPrettyPrinter().writeValueAsString(schema.root()) + "\n";
  }

  private ObjectNode root() {
    ObjectNode root = mapper.createObjectNode();
    root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    root.put("title", "Tapline pipeline");
    ConfigSpec none = ConfigSpec.of();
    ConfigKey<?> source = DescriptorKeys.source(none).required();
    ConfigKey<?> sink = DescriptorKeys.sink(none).required();
    ConfigSpec spec =
        ConfigSpec.of(
            DescriptorKeys.NAME,
            source,
            DescriptorKeys.METHOD,
            DescriptorKeys.STREAMS,
            sink,
            DescriptorKeys.STATE,
            DescriptorKeys.ENGINE);
    fillObject(root, spec);
    ObjectNode properties = (ObjectNode) root.get("properties");
    properties.set("source", pluginSection(PluginKind.SOURCE, source));
    properties.set("sink", pluginSection(PluginKind.SINK, sink));
    properties.set("method", method(DescriptorKeys.METHOD));
    ObjectNode stream = (ObjectNode) properties.get("streams").get("items");
    ((ObjectNode) stream.get("properties")).set("method", method(DescriptorKeys.STREAM_METHOD));
    ((ObjectNode) properties.get("streams")).put("minItems", 1);
    ArrayNode targets = stream.putArray("oneOf");
    targets.addObject().putArray("required").add(DescriptorKeys.TABLE.name());
    targets.addObject().putArray("required").add(DescriptorKeys.VIEW.name());
    return root;
  }

  private ObjectNode pluginSection(PluginKind kind, ConfigKey<?> key) {
    List<Plugin> all = plugins.of(kind);
    ObjectNode section = mapper.createObjectNode();
    section.put("description", key.doc());
    section.put("type", "object");
    section.putArray("required").add(DescriptorKeys.TYPE.name());
    ObjectNode type = section.putObject("properties").putObject(DescriptorKeys.TYPE.name());
    type.put("description", DescriptorKeys.TYPE.doc());
    ArrayNode names = type.putArray("enum");
    all.forEach(plugin -> names.add(plugin.name()));
    ArrayNode conditions = section.putArray("allOf");
    for (Plugin plugin : all) {
      ObjectNode condition = conditions.addObject();
      ObjectNode chosen = condition.putObject("if");
      chosen.putArray("required").add(DescriptorKeys.TYPE.name());
      chosen
          .putObject("properties")
          .putObject(DescriptorKeys.TYPE.name())
          .put("const", plugin.name());
      ObjectNode then = condition.putObject("then");
      then.put("description", plugin.provider().description());
      fillObject(then, plugin.provider().config());
      ((ObjectNode) then.get("properties")).putObject(DescriptorKeys.TYPE.name());
    }
    return section;
  }

  private ObjectNode method(ConfigKey<?> key) {
    ObjectNode node = mapper.createObjectNode();
    node.put("description", key.doc());
    ArrayNode alternatives = node.putArray("anyOf");
    ArrayNode names = alternatives.addObject().putArray("enum");
    plugins.of(PluginKind.METHOD).forEach(plugin -> names.add(plugin.name()));
    alternatives.addObject().put("type", "string").put("pattern", REFERENCE);
    if (!key.defaultText().isEmpty()) {
      node.put("default", key.defaultText());
    }
    return node;
  }

  private void fillObject(ObjectNode into, ConfigSpec spec) {
    into.put("type", "object");
    into.put("additionalProperties", false);
    ArrayNode required = mapper.createArrayNode();
    ObjectNode properties = into.putObject("properties");
    for (ConfigKey<?> key : spec.keys()) {
      ObjectNode property = properties.putObject(key.name());
      property.put("description", key.doc());
      fillValue(property, key);
      if (key.section().isEmpty() && key.defaultValue().isPresent()) {
        property.put("default", key.defaultText());
      }
      if (key.isRequired()) {
        required.add(key.name());
      }
    }
    if (!required.isEmpty()) {
      into.set("required", required);
    }
  }

  private static void command(ObjectNode node) {
    node.put("type", "object");
    node.put("additionalProperties", false);
    ObjectNode words = node.putObject("properties").putObject(SecretOrigins.COMMAND);
    words.put("type", "array");
    words.put("minItems", 1);
    words.putObject("items").put("type", "string");
    node.putArray("required").add(SecretOrigins.COMMAND);
  }

  private void fillValue(ObjectNode node, ConfigKey<?> key) {
    switch (key.type()) {
      case STRING, PATH, LOCATION -> node.set("type", scalarTypes());
      case SECRET -> {
        ArrayNode alternatives = node.putArray("anyOf");
        alternatives.addObject().set("type", scalarTypes());
        command(alternatives.addObject());
      }
      case INTEGER -> number(node.putArray("anyOf"), key);
      case SIZE -> {
        ArrayNode alternatives = node.putArray("anyOf");
        number(alternatives, key);
        alternatives.addObject().put("type", "string").put("pattern", SIZE);
      }
      case DURATION -> {
        ArrayNode alternatives = node.putArray("anyOf");
        alternatives.addObject().put("type", "string").put("pattern", DURATION);
        reference(alternatives);
      }
      case BOOLEAN -> {
        ArrayNode alternatives = node.putArray("anyOf");
        alternatives.addObject().put("type", "boolean");
        ArrayNode words = alternatives.addObject().putArray("enum");
        List.of("yes", "no", "on", "off").forEach(words::add);
        reference(alternatives);
      }
      case CHOICE -> {
        ArrayNode alternatives = node.putArray("anyOf");
        ArrayNode words = alternatives.addObject().putArray("enum");
        key.choices().forEach(words::add);
        reference(alternatives);
      }
      case STRINGS -> {
        ArrayNode alternatives = node.putArray("anyOf");
        alternatives.addObject().set("type", scalarTypes());
        ObjectNode list = alternatives.addObject().put("type", "array");
        list.putObject("items").set("type", scalarTypes());
      }
      case MAP ->
          node.put("type", "object").putObject("additionalProperties").set("type", mapTypes());
      case SECTION -> key.section().ifPresent(section -> fillObject(node, section));
      case SECTIONS -> {
        node.put("type", "array");
        ObjectNode items = node.putObject("items");
        key.section().ifPresent(section -> fillObject(items, section));
      }
    }
  }

  private static void number(ArrayNode alternatives, ConfigKey<?> key) {
    ObjectNode number =
        alternatives.addObject().put("type", "integer").put("minimum", key.minimum());
    if (key.maximum() < Long.MAX_VALUE) {
      number.put("maximum", key.maximum());
    }
    reference(alternatives);
  }

  private static void reference(ArrayNode alternatives) {
    alternatives.addObject().put("type", "string").put("pattern", REFERENCE);
  }

  // A scalar is taken as text as it is written.
  private ArrayNode scalarTypes() {
    return mapper.createArrayNode().add("string").add("number").add("boolean");
  }

  private ArrayNode mapTypes() {
    return scalarTypes().add("null");
  }
}
