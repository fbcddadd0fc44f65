using System.Text.RegularExpressions;

namespace Orleans.Pipeline.Deploy.Tests;

public sealed partial class DashboardTests
{
    private static readonly DashboardFile Dashboard = DashboardFile.Deployed;

    private static IEnumerable<Panel> Charts => Dashboard.Panels.Where(panel => !panel.IsRow);

    [Fact]
    public void It_has_a_row_for_each_part_of_a_deployment() => Assert.Equal(
        ["Overview", "Topics", "Stages", "Store", "Gateway", "Cluster", "Cost"],
        Dashboard.Panels.Where(panel => panel.IsRow).Select(panel => panel.Title));

    [Fact]
    public void Every_panel_says_what_it_shows_and_in_which_unit() => Assert.All(Charts, panel =>
    {
        Assert.NotEmpty(panel.Description);
        Assert.NotEmpty(panel.Unit);
        Assert.NotEmpty(panel.Queries);
    });

    [Fact]
    public void Every_panel_asks_the_data_source_that_was_chosen() =>
        Assert.All(Charts, panel => Assert.Equal("${datasource}", panel.DataSource));

    [Fact]
    public void Panels_fill_the_grid_and_do_not_overlap()
    {
        var cells = Dashboard.Panels.SelectMany(CellsOf).ToList();

        Assert.Equal(cells.Count, cells.Distinct().Count());
        Assert.All(cells, cell => Assert.InRange(cell.X, 0, 23));
        Assert.Equal(24 * (cells.Max(cell => cell.Y) + 1), cells.Count);
        Assert.Equal(Dashboard.Panels.Count, Dashboard.Panels.Select(panel => panel.Id).Distinct().Count());
    }

    [Fact]
    public void Nothing_is_fetched_from_elsewhere() => Assert.DoesNotMatch(Address(), Deployed.Dashboard);

    [Fact]
    public void Every_name_in_a_query_is_an_instrument_a_label_or_a_recorded_series()
    {
        Assert.All(Dashboard.Queries, query => Assert.Empty(MetricNames.UnknownIn(query.Expression)));
        Assert.All(Dashboard.VariableQueries, query => Assert.Empty(MetricNames.UnknownIn(query)));
    }

    [Fact]
    public void Every_query_keeps_to_the_deployment_that_was_chosen() =>
        Assert.All(Dashboard.Queries, query => Assert.Equal(Selectors().Count(query.Expression), Deployments().Count(query.Expression)));

    private static IEnumerable<(int X, int Y)> CellsOf(Panel panel) =>
        from x in Enumerable.Range(panel.Place.X, panel.Place.Width)
        from y in Enumerable.Range(panel.Place.Y, panel.Place.Height)
        select (x, y);

    [GeneratedRegex("https?://")]
    private static partial Regex Address();

    [GeneratedRegex(@"\{")]
    private static partial Regex Selectors();

    [GeneratedRegex(@"job=~""\$job""")]
    private static partial Regex Deployments();
}
