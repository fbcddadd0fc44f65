namespace Orleans.Pipeline.Dashboard.Overview;

/// <summary>
/// Arranges a graph in columns by Sugiyama's method. Each node is right of all its sources. A few sweeps order each column by the mean
/// height of the nodes' neighbours, so that few edges cross, and place each node as near to that height as there is room.
/// </summary>
internal static class GraphLayout
{
    private const int Sweeps = 4;

    public static void Arrange(IReadOnlyCollection<GraphNode> nodes, IReadOnlyList<GraphEdge> edges)
    {
        var before = edges.ToLookup(edge => edge.To, edge => edge.From);
        var after = edges.ToLookup(edge => edge.From, edge => edge.To);
        SetColumns(nodes, before);
        var columns = nodes.GroupBy(node => node.Column).OrderBy(column => column.Key).Select(column => column.ToList()).ToList();
        foreach (var column in columns)
        {
            Stack(column);
        }

        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            foreach (var column in columns.Skip(1))
            {
                Place(column, before);
            }

            foreach (var column in columns.AsEnumerable().Reverse().Skip(1))
            {
                Place(column, after);
            }
        }

        var top = nodes.Count == 0 ? 0 : nodes.Min(node => node.Top);
        foreach (var node in nodes)
        {
            node.Top = Math.Round(node.Top - top);
        }
    }

    /// <summary>
    /// Sets the column of each node to the length of the longest path to it. A path that leads back to its start does not count.
    /// </summary>
    private static void SetColumns(IEnumerable<GraphNode> nodes, ILookup<GraphNode, GraphNode> before)
    {
        var known = new Dictionary<GraphNode, int>();
        var open = new HashSet<GraphNode>();
        foreach (var node in nodes)
        {
            node.Column = ColumnOf(node);
        }

        int ColumnOf(GraphNode node)
        {
            if (known.TryGetValue(node, out var column))
            {
                return column;
            }

            if (!open.Add(node))
            {
                return -1;
            }

            column = before[node].Select(ColumnOf).DefaultIfEmpty(-1).Max() + 1;
            open.Remove(node);
            return known[node] = column;
        }
    }

    private static void Stack(IReadOnlyList<GraphNode> column)
    {
        for (var row = 0; row < column.Count; row++)
        {
            column[row].Top = row * (Graph.NodeHeight + Graph.RowGap);
        }
    }

    /// <summary>
    /// Places each node at the mean height of its neighbours, moves overlapping nodes apart, and centres them around their wanted heights.
    /// </summary>
    private static void Place(List<GraphNode> column, ILookup<GraphNode, GraphNode> neighbours)
    {
        var wanted = column.ToDictionary(
            node => node, node => neighbours[node].Select(neighbour => neighbour.Top).DefaultIfEmpty(node.Top).Average());
        column.Sort(
            (one, other) => wanted[one].CompareTo(wanted[other]) is var order and not 0 ? order : string.CompareOrdinal(one.Id, other.Id));
        var next = double.NegativeInfinity;
        foreach (var node in column)
        {
            node.Top = Math.Max(wanted[node], next);
            next = node.Top + Graph.NodeHeight + Graph.RowGap;
        }

        var shift = column.Average(node => node.Top - wanted[node]);
        foreach (var node in column)
        {
            node.Top -= shift;
        }
    }
}
