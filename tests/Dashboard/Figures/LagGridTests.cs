using Orleans.Pipeline.Dashboard.History;

namespace Orleans.Pipeline.Dashboard.Tests.Figures;

public sealed class LagGridTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(4, 2)]
    [InlineData(10, 3)]
    [InlineData(99, 4)]
    [InlineData(1_000_000, 13)]
    public void A_level_is_half_a_power_of_ten(long lag, byte level)
    {
        Assert.Equal(level, LagGrid.LevelOf(lag));
        Assert.InRange(LagGrid.MinimumOf(level), 0, lag);
    }

    [Fact]
    public void A_step_keeps_the_worst_lag_and_a_row_the_worst_of_its_partitions()
    {
        var grid = new LagGrid(4);
        grid.Add(Start, [(0, 5), (1, 0), (2, 0), (3, 1000)]);
        grid.Add(Start.AddSeconds(5), [(0, 0), (1, 0), (2, 0), (3, 0)]);
        grid.Add(Start.AddSeconds(10), [(0, 0), (1, 50), (2, 0), (3, 0)]);

        var rows = grid.Read(Start.AddSeconds(10), columns: 3, stepsPerColumn: 1, partitionsPerRow: 2);

        Assert.Equal([LagGrid.Unknown, LagGrid.LevelOf(5), LagGrid.LevelOf(50)], rows[0]);
        Assert.Equal([LagGrid.Unknown, LagGrid.LevelOf(1000), 0], rows[1]);
    }

    [Fact]
    public void What_is_older_than_an_hour_is_forgotten()
    {
        var grid = new LagGrid(1);
        grid.Add(Start, [(0, 7)]);
        grid.Add(Start.AddHours(1), [(0, 0)]);

        var row = grid.Read(Start.AddHours(1), columns: 90, stepsPerColumn: 4, partitionsPerRow: 1)[0];

        Assert.Equal(0, row[^1]);
        Assert.All(row[..^1], level => Assert.Equal(LagGrid.Unknown, level));
    }
}
