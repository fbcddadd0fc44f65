namespace Orleans.Pipeline.Dashboard.History;

/// <summary>
/// The lag of each partition over the last hour. Each step of ten seconds keeps the highest lag as a level; two levels span a power of ten.
/// A step takes a byte, so a thousand partitions take 360 kB. Safe for several threads.
/// </summary>
/// <param name="partitions">The number of partitions.</param>
public sealed class LagGrid(int partitions)
{
    /// <summary>The seconds of a step.</summary>
    public const int SecondsPerStep = 10;

    /// <summary>The steps of an hour.</summary>
    public const int Steps = 360;

    /// <summary>The level of a step without a measurement.</summary>
    public const byte Unknown = byte.MaxValue;

    private readonly Lock _lock = new();
    private readonly byte[] _levels = Filled(partitions);
    private long _newest = -1;

    /// <summary>The number of partitions.</summary>
    public int Partitions => partitions;

    /// <summary>
    /// Returns the level of a lag: 0 for none, then two levels for each power of ten: 1 for 1 to 3 records, 2 for 4 to 9, 3 for 10 to 31, …
    /// </summary>
    /// <param name="lag">The lag, in records.</param>
    public static byte LevelOf(long lag) => lag <= 0 ? (byte)0 : (byte)(1 + (int)(Math.Log10(lag) * 2));

    /// <summary>Returns the least lag of a level.</summary>
    /// <param name="level">The level.</param>
    public static long MinimumOf(int level) => level == 0 ? 0 : (long)Math.Ceiling(Math.Pow(10, (level - 1) / 2.0));

    /// <summary>Adds the lag of every partition at a time.</summary>
    /// <param name="at">The time.</param>
    /// <param name="lags">The partitions and their lags.</param>
    public void Add(DateTimeOffset at, IEnumerable<(int Partition, long Lag)> lags)
    {
        var step = at.ToUnixTimeSeconds() / SecondsPerStep;
        lock (_lock)
        {
            for (var later = Math.Max(_newest + 1, step - Steps + 1); later <= step; later++)
            {
                _levels.AsSpan((int)(later % Steps) * partitions, partitions).Fill(Unknown);
            }

            _newest = Math.Max(_newest, step);
            var row = _levels.AsSpan((int)(step % Steps) * partitions, partitions);
            foreach (var (partition, lag) in lags)
            {
                if (partition < partitions)
                {
                    var level = LevelOf(lag);
                    row[partition] = row[partition] == Unknown ? level : Math.Max(row[partition], level);
                }
            }
        }
    }

    /// <summary>Reads the highest levels of groups of partitions and steps, so that the drawing stays small.</summary>
    /// <param name="end">The time of the last column.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="stepsPerColumn">The number of steps of ten seconds in a column.</param>
    /// <param name="partitionsPerRow">The number of partitions in a row.</param>
    /// <returns>Row by row, each from the oldest column to the newest.</returns>
    public byte[][] Read(DateTimeOffset end, int columns, int stepsPerColumn, int partitionsPerRow)
    {
        var rows = new byte[(partitions + partitionsPerRow - 1) / partitionsPerRow][];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = new byte[columns];
            Array.Fill(rows[row], Unknown);
        }

        var last = end.ToUnixTimeSeconds() / SecondsPerStep / stepsPerColumn;
        lock (_lock)
        {
            for (var column = 0; column < columns; column++)
            {
                var first = (last - (columns - 1 - column)) * stepsPerColumn;
                for (var step = Math.Max(first, _newest - Steps + 1); step < Math.Min(first + stepsPerColumn, _newest + 1); step++)
                {
                    Merge(rows, column, _levels.AsSpan((int)(step % Steps) * partitions, partitions), partitionsPerRow);
                }
            }
        }

        return rows;
    }

    private static void Merge(byte[][] rows, int column, ReadOnlySpan<byte> levels, int partitionsPerRow)
    {
        for (var partition = 0; partition < levels.Length; partition++)
        {
            ref var worst = ref rows[partition / partitionsPerRow][column];
            var level = levels[partition];
            if (level != Unknown && (worst == Unknown || level > worst))
            {
                worst = level;
            }
        }
    }

    private static byte[] Filled(int partitions)
    {
        var levels = new byte[partitions * Steps];
        Array.Fill(levels, Unknown);
        return levels;
    }
}
