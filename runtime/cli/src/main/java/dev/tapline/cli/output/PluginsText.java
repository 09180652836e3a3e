package dev.tapline.cli.output;

import dev.tapline.cli.text.Json;
import dev.tapline.cli.text.TextTable;
import dev.tapline.plugins.LoadedPlugins;
import dev.tapline.plugins.Plugin;
import dev.tapline.plugins.PluginProblem;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes plug-ins down.
public final class PluginsText {
  private PluginsText() {}

  public static String table(LoadedPlugins plugins) {
    TextTable table = TextTable.of("kind", "name", "version", "from", "description");
    for (Plugin plugin : plugins.all()) {
      table.row(
          plugin.kind().label(),
          plugin.name(),
          plugin.version(),
          plugin.location(),
          plugin.provider().description());
    }
    return table.toString();
  }

  public static String json(LoadedPlugins plugins) {
    ObjectNode root = Json.object();
    ArrayNode all = root.putArray("plugins");
    plugins.all().forEach(plugin -> write(all.addObject(), plugin));
    ArrayNode problems = root.putArray("problems");
    for (PluginProblem problem : plugins.problems()) {
      problems
          .addObject()
          .put("from", problem.location())
          .put("message", problem.message())
          .put("effect", problem.effect().name().toLowerCase(Locale.ROOT));
    }
    return Json.text(root);
  }

  /// A plug-in with its keys.
  public static String json(Plugin plugin) {
    ObjectNode root = write(Json.object(), plugin);
    ArrayNode keys = root.putArray("keys");
    for (KeyReference.Key key : KeyReference.keys(plugin)) {
      keys.addObject()
          .put("key", key.name())
          .put("type", key.type())
          .put("required", key.required())
          .put("default", key.otherwise().isEmpty() ? null : key.otherwise())
          .put("meaning", key.meaning());
    }
    return Json.text(root);
  }

  private static ObjectNode write(ObjectNode node, Plugin plugin) {
    return node.put("kind", plugin.kind().label())
        .put("name", plugin.name())
        .put("version", plugin.version().isEmpty() ? null : plugin.version())
        .put("from", plugin.location())
        .put("description", plugin.provider().description());
  }
}
