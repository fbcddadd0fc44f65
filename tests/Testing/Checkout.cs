namespace Orleans.Pipeline.Testing.Tests;

/// <summary>A purchase in a shop.</summary>
internal sealed record Purchase(string Customer, string Country, long Cents);

/// <summary>The pipeline of most tests here: two stages, a topic between them, a table and a topic at the end.</summary>
internal static class Checkout
{
    public static void Define(PipelineCatalog catalog) => catalog.Add("checkout", pipeline => pipeline
        .From<Purchase>("purchases", partitions: 4)
        .Map(Check, "check")
        .Through("purchases.checked", purchase => purchase.Country, partitions: 2)
        .To(Table.Add<Purchase>("sales").Key("country", purchase => purchase.Country).Sum("cents", purchase => purchase.Cents))
        .To(Table.Insert<Purchase>("all_sales").Column("customer", purchase => purchase.Customer).Column("cents", purchase => purchase.Cents))
        .To(Sink.Topic("purchases.done")));

    private static Purchase Check(Purchase purchase) =>
        purchase.Cents > 0 ? purchase : throw new PermanentException("A purchase of nothing.");
}
