using System.Text.Json;

namespace Orleans.Pipeline.Deploy.Tests;

/// <summary>The dashboard for Grafana.</summary>
internal sealed class DashboardFile
{
    private DashboardFile(JsonElement root)
    {
        Root = root;
        Panels = [.. root.GetProperty("panels").EnumerateArray().Select(panel => new Panel(panel))];
    }

    /// <summary>The dashboard that users deploy.</summary>
    public static DashboardFile Deployed { get; } = new(JsonDocument.Parse(Tests.Deployed.Dashboard).RootElement);

    /// <summary>The whole of it.</summary>
    public JsonElement Root { get; }

    /// <summary>Its panels, rows among them.</summary>
    public IReadOnlyList<Panel> Panels { get; }

    /// <summary>The queries of its panels.</summary>
    public IEnumerable<PanelQuery> Queries => Panels.SelectMany(panel => panel.Queries);

    /// <summary>The queries by which it fills its variables.</summary>
    public IEnumerable<string> VariableQueries => Root.GetProperty("templating").GetProperty("list").EnumerateArray()
        .Where(variable => variable.GetProperty("type").GetString() == "query")
            .Select(variable => variable.GetProperty("definition").GetString()!);
}

/// <summary>A panel, or the heading of a row.</summary>
internal sealed class Panel(JsonElement json)
{
    public int Id => json.GetProperty("id").GetInt32();

    public string Type => json.GetProperty("type").GetString()!;

    public bool IsRow => Type == "row";

    public string Title => json.GetProperty("title").GetString()!;

    public string Description => json.GetProperty("description").GetString()!;

    public string DataSource => json.GetProperty("datasource").GetProperty("uid").GetString()!;

    public string Unit => json.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString()!;

    public (int X, int Y, int Width, int Height) Place => json.GetProperty("gridPos") is var at
        ? (at.GetProperty("x").GetInt32(), at.GetProperty("y").GetInt32(), at.GetProperty("w").GetInt32(), at.GetProperty("h").GetInt32())
        : default;

    public IEnumerable<PanelQuery> Queries => json.TryGetProperty("targets", out var targets)
        ? targets.EnumerateArray().Select(target => new PanelQuery(Title, target.GetProperty("expr").GetString()!))
        : [];

    public override string ToString() => Title;
}

/// <summary>A query of a panel.</summary>
/// <param name="Panel">The panel's title.</param>
/// <param name="Expression">The query, with the dashboard's variables.</param>
internal sealed record PanelQuery(string Panel, string Expression)
{
    /// <summary>The query as Grafana sends it when nothing is chosen: everything, with rates over so much time.</summary>
    public string For(string rateInterval) => Expression
        .Replace("$__rate_interval", rateInterval, StringComparison.Ordinal)
        .Replace("$job", ".*", StringComparison.Ordinal)
        .Replace("$pipeline", ".*", StringComparison.Ordinal)
        .Replace("$stage", ".*", StringComparison.Ordinal)
        .Replace("$topic", ".*", StringComparison.Ordinal);
}
