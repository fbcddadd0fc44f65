namespace Orleans.Pipeline.Client;

/// <summary>The action of a consumer when retention has removed records before it read them.</summary>
public enum WhenOvertaken
{
    /// <summary>Reading fails with a <see cref="RecordsLostException"/>, after the records read before are returned.</summary>
    Fail,

    /// <summary>The consumer continues with the first record still kept, and raises <see cref="Consumer.Lost"/>.</summary>
    GoOn,
}
